/** The kill trials. */
export function run(_args: readonly string[]): Promise<number> {
  console.error('the kill trials are not written yet');
  return Promise.resolve(2);
}
