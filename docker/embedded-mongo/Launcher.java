import de.bwaldvogel.mongo.MongoCollection;
import de.bwaldvogel.mongo.MongoDatabase;
import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.MongoVersion;
import de.bwaldvogel.mongo.backend.CollectionOptions;
import de.bwaldvogel.mongo.backend.CursorRegistry;
import de.bwaldvogel.mongo.backend.Index;
import de.bwaldvogel.mongo.backend.QueryResult;
import de.bwaldvogel.mongo.backend.h2.H2Backend;
import de.bwaldvogel.mongo.backend.h2.H2Collection;
import de.bwaldvogel.mongo.backend.h2.H2Database;
import de.bwaldvogel.mongo.bson.Document;
import java.util.List;
import org.h2.mvstore.MVMap;

/** java -cp 'classes:lib/*' Launcher FILE PORT: a MongoDB-wire server on this loopback port, 0 for a free one, with data in FILE, until SIGTERM. */
public class Launcher {
  /** The driver refuses each wire version that mongo-java-server offers itself. */
  private static final MongoVersion VERSION = new MongoVersion() {
    @Override
    public List<Integer> getVersionArray() {
      return List.of(5, 0, 0);
    }

    @Override
    public int getWireVersion() {
      return 13;
    }
  };

  public static void main(String[] args) {
    var server = new MongoServer(new Backend(args[0]).version(VERSION));
    try {
      server.bind("127.0.0.1", Integer.parseInt(args[1]));
    } catch (Exception error) {
      // The threads of the server would keep the process alive.
      System.err.println(error.getMessage());
      System.exit(1);
    }
    Runtime.getRuntime().addShutdownHook(new Thread(server::shutdownNow));
    System.out.println("listening on " + server.getLocalAddress().getPort());
  }

  private static class Backend extends H2Backend {
    Backend(String file) {
      super(file);
    }

    @Override
    protected MongoDatabase openOrCreateDatabase(String name) {
      return new Database(name);
    }

    private class Database extends H2Database {
      Database(String name) {
        super(name, getMvStore(), getCursorRegistry());
      }

      @Override
      protected MongoCollection<Object> openOrCreateCollection(String name, CollectionOptions options) {
        String namespace = getFullCollectionNamespace(name);
        MVMap<Object, Document> data = getMvStore().openMap("databases." + namespace);
        return new Collection(this, name, options, data, getMvStore().openMap("meta." + namespace), cursorRegistry);
      }
    }
  }

  /** mongo-java-server 1.47 reads all documents if a filter has more fields than an index: this class looks up _id first. */
  private static class Collection extends H2Collection {
    Collection(
        MongoDatabase database,
        String name,
        CollectionOptions options,
        MVMap<Object, Document> data,
        MVMap<String, Object> meta,
        CursorRegistry cursors) {
      super(database, name, options, data, meta, cursors);
    }

    @Override
    protected QueryResult matchDocuments(
        Document query, Document orderBy, int skip, int limit, int batchSize, Document fields) {
      var id = new Document("_id", query.get("_id"));
      for (Index<Object> index : getIndexes()) {
        if (query.containsKey("_id") && index.canHandle(id)) {
          return matchDocuments(query, index.getPositions(id), orderBy, skip, limit, batchSize, fields);
        }
      }
      return super.matchDocuments(query, orderBy, skip, limit, batchSize, fields);
    }
  }
}
