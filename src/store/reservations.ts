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

/** The one vault that a key is to be registered for. Written by the gateway only. */
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

/** Vault and type are for life, as they are with the sidecars; index and amount are those that are asked for now. */
export type Reservation = {
  /** 48 bytes in lower-case hex with 0x */
  readonly publicKey: string;
  readonly validatorIndex: number;
  readonly deposit: Deposit;
};

/** By public key, what stands; STORED_INVALID where nobody can tell. */
export type Reserved = ReadonlyMap<string, Reservation | DvtError>;

export type Reservations = ReturnType<typeof createReservations>;

export function createReservations(db: Db, network: Network, logger: Logger) {
  const collection: Collection<ReservationDocument> = db.collection("reservations");

  const keyOf = ({network, public_key}: ReservationDocument): string => `${network}:${public_key}`;
  const reader = createReader({collection: "reservations", schema: ReservationDocument, keyOf, logger});
  const toId = (publicKey: string): string => validatorKeyOf({network, publicKey});

  const toReservation = ({public_key, validator_index, vault, amount, validator_type}: ReservationDocument): Reservation => ({
    ...{publicKey: public_key, validatorIndex: validator_index},
    deposit: {vault, amount, validator_type},
  });

  const findAll = async (publicKeys: readonly string[]): Promise<Reserved> => {
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
      ...{_id: toId(publicKey), vault, validator_type},
      $or: [{validator_index: {$ne: validatorIndex}}, {amount: {$gt: amount}}],
    };
    const update = {
      $set: {validator_index: validatorIndex, amount},
      $setOnInsert: {network: network.name, public_key: publicKey},
    };
    return {updateOne: {filter, update, upsert: true}};
  };

  return {
    /** Of those among the keys that are reserved. */
    findAll: (publicKeys: readonly string[]): Promise<Reserved> => guard(() => findAll(publicKeys)),

    /**
     * Reserves keys that nobody has. Of one that this vault has with this type, an index replaces another, with its amount; at the
     * same index a lesser amount replaces a greater. Returns what stands then for each: another's, where somebody was first; of two
     * who reserve a new key at once, the one who wants less may have to do it once more.
     */
    reserve: (wanted: readonly Reservation[]): Promise<Reserved> =>
      guard(async () => {
        // What does not match is another's, or as it is to be: to insert it then fails as a duplicate.
        await takenBy(() => collection.bulkWrite(wanted.map(toWrite), {ordered: false}));
        return findAll(wanted.map(({publicKey}) => publicKey));
      }),
  };
}
