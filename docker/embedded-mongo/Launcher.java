import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.MongoVersion;
import de.bwaldvogel.mongo.backend.h2.H2Backend;
import java.util.List;

/** java -cp 'lib/*' Launcher.java FILE: a MongoDB-wire server on a free loopback port, its data in FILE, until SIGTERM. */
public class Launcher {
  /** The driver refuses the wire version of any that mongo-java-server offers by itself. */
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
    var server = new MongoServer(new H2Backend(args[0]).version(VERSION));
    server.bind("127.0.0.1", 0);
    Runtime.getRuntime().addShutdownHook(new Thread(server::shutdownNow));
    System.out.println("listening on " + server.getLocalAddress().getPort());
  }
}
