/** Exit status of the command line, the same for every command. */
export const exitStatus = {
  done: 0,
  /** Done, with items that need a person. */
  needsPerson: 1,
  /** Bad input; one line says what. */
  badInput: 2,
  couldNotRun: 3,
} as const;

/** Bad input from the person at the command line; the message is the one line they get. */
export class UsageError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'UsageError';
  }
}
