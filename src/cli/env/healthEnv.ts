import {Type} from "typebox";
import {statusEnv} from "./sharedEnv.js";

export const HealthEnv = Type.Object({...statusEnv});
