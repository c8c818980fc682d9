/** What this project uses of the package, which brings no types. */
declare module 'gs1-barcode-parser-mod' {
  /** Throws a string if the text is no GS1 element string. */
  export function parseBarcode(text: string): {
    readonly parsedCodeItems: readonly { readonly ai: string; readonly raw: string }[];
  };
}
