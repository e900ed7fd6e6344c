import type {Alarm} from "../../schemas/status.js";
import {toSentence} from "../runtime/toSentence.js";

/** An alarm, with its sentences as others show them. */
export const toAlarm = ({text, todo, ...alarm}: Alarm): Alarm => ({...alarm, text: toSentence(text), todo: toSentence(todo)});
