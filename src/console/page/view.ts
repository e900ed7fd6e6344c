/** What the parts of a page need to say when something was. */
export type View = {
  /** The time of the bus. */
  readonly at: number;
  /** The viewer's time zone; UTC until it is known. */
  readonly zone: string;
  /** What was copied a moment ago. */
  readonly copied?: string | undefined;
};
