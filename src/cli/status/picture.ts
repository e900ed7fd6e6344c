import type {Status} from "../../../schemas/status.js";
import {presenceText, type Seen} from "./presenceText.js";
import {statusText} from "./statusText.js";

/** The status that a relayer answered with; or, where none answers, why not and what is known without it. */
export type Picture = {readonly status: Status} | {readonly reason: string; readonly seen: Seen};

/** The picture for people. */
export const pictureText = (picture: Picture, width: number | undefined): string =>
  "status" in picture ? statusText(picture.status, {width}) : presenceText(picture.seen, {reason: picture.reason, width});

/** The picture for programs, on one line. */
export const pictureJson = (picture: Picture): string =>
  `${JSON.stringify("status" in picture ? picture.status : picture.seen)}\n`;
