import type {AnyBulkWriteOperation, Collection, Db, Filter} from "mongodb";
import {type Static, Type} from "typebox";
import type {Deposit} from "../../schemas/deposit.js";
import {Network as NetworkField, ValidatorIndex} from "../../schemas/fields.js";
import type {Network} from "../consensus/networks.js";
import {DvtError} from "../errors.js";
import {validatorKeyOf} from "../exits/exitId.js";
import type {Logger} from "../runtime/logger.js";
import {guard, takenBy} from "./connect.js";
import {inPieces} from "./inPieces.js";
import {createReader} from "./reader.js";
import {storedFields} from "./storedFields.js";

/** The only vault that a key may be registered for, written by the gateway only. */
const ReservationDocument = Type.Object(
  {
    /** network:public_key */
    _id: Type.String(),
    network: NetworkField,
    public_key: storedFields.publicKey,
    ...storedFields.deposit,
    validator_index: ValidatorIndex,
  },
  {additionalProperties: false},
);
type ReservationDocument = Static<typeof ReservationDocument>;

/** Vault and type never change, as with the sidecars; index and amount are those of the current request. */
export type Reservation = {
  /** 48 bytes in lower-case hex with 0x */
  readonly publicKey: string;
  readonly validatorIndex: number;
  readonly deposit: Deposit;
};

/** The reservations by public key; STORED_INVALID for one that cannot be read. */
export type ReservationMap = ReadonlyMap<string, Reservation | DvtError>;

/** The reservations of keys for vaults. */
export type Reservations = ReturnType<typeof createReservations>;

/** Opens the collection of reservations. */
export function createReservations(db: Db, network: Network, logger: Logger) {
  const collection: Collection<ReservationDocument> = db.collection("reservations");

  const keyOf = ({network, public_key}: ReservationDocument): string => `${network}:${public_key}`;
  const reader = createReader({collection: "reservations", schema: ReservationDocument, keyOf, logger});
  const toId = (publicKey: string): string => validatorKeyOf({network, publicKey});

  const toReservation = ({public_key, validator_index, vault, amount, validator_type}: ReservationDocument): Reservation => ({
    publicKey: public_key,
    validatorIndex: validator_index,
    deposit: {vault, amount, validator_type},
  });

  const findAll = async (publicKeys: readonly string[]): Promise<ReservationMap> => {
    const found = await inPieces(publicKeys.map(toId), (ids) => collection.find({_id: {$in: ids}}).toArray());
    return new Map(
      found.map((it) => {
        const document = reader.read(it);
        const publicKey = it._id.slice(network.name.length + 1);
        return [publicKey, document instanceof DvtError ? document : toReservation(document)];
      }),
    );
  };

  const toWrite = ({publicKey, validatorIndex, deposit}: Reservation): AnyBulkWriteOperation<ReservationDocument> => {
    const {vault, amount, validator_type} = deposit;
    const filter: Filter<ReservationDocument> = {
      _id: toId(publicKey),
      vault,
      validator_type,
      $or: [{validator_index: {$ne: validatorIndex}}, {amount: {$gt: amount}}],
    };
    const update = {
      $set: {validator_index: validatorIndex, amount},
      $setOnInsert: {network: network.name, public_key: publicKey},
    };
    return {updateOne: {filter, update, upsert: true}};
  };

  return {
    /** The reservations of the keys that have one. */
    findAll: (publicKeys: readonly string[]): Promise<ReservationMap> => guard(() => findAll(publicKeys)),

    /**
     * Reserves keys that are free. For a key that this vault already has with this type, a different index replaces the index and
     * the amount; at the same index, a lower amount replaces a higher one. Returns the current reservation of each key, which may
     * be another vault's. Of two that reserve a new key at once, the one with the lower amount may have to repeat the call.
     */
    reserve: (reservations: readonly Reservation[]): Promise<ReservationMap> =>
      guard(async () => {
        // A document that does not match is another vault's, or already as it should be: inserting it then fails as a duplicate.
        await takenBy(() => collection.bulkWrite(reservations.map(toWrite), {ordered: false}));
        return findAll(reservations.map(({publicKey}) => publicKey));
      }),
  };
}
