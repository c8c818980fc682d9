/** The part of zpl-image (MIT, a development dependency) that our tests compare with. It ships no types. */
declare module 'zpl-image' {
  export function rgbaToZ64(
    rgba: Uint8Array | Uint8ClampedArray,
    width: number,
    options: { readonly black?: number; readonly notrim?: boolean },
  ): { readonly length: number; readonly rowlen: number; readonly z64: string };
  export function rgbaToACS(
    rgba: Uint8Array | Uint8ClampedArray,
    width: number,
    options: { readonly black?: number; readonly notrim?: boolean },
  ): { readonly length: number; readonly rowlen: number; readonly acs: string };
}
