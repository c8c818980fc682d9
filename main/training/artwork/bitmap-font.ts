/**
 * A 5 by 7 dot font for printable ASCII, five columns per glyph, lowest bit at the top: the classic character set of
 * small dot-matrix displays. Enough to draw a legible PNG label without any font file.
 */
const columns =
  '0000000000' + // space
  '00005F0000' + // !
  '0007000700' + // "
  '147F147F14' + // #
  '242A7F2A12' + // $
  '2313086462' + // %
  '3649562050' + // &
  '0008070300' + // '
  '001C224100' + // (
  '0041221C00' + // )
  '2A1C7F1C2A' + // *
  '08083E0808' + // +
  '0080703000' + // ,
  '0808080808' + // -
  '0000606000' + // .
  '2010080402' + // /
  '3E5149453E' + // 0
  '00427F4000' + // 1
  '7249494946' + // 2
  '2141494D33' + // 3
  '1814127F10' + // 4
  '2745454539' + // 5
  '3C4A494931' + // 6
  '4121110907' + // 7
  '3649494936' + // 8
  '464949291E' + // 9
  '0000140000' + // :
  '0040340000' + // ;
  '0008142241' + // <
  '1414141414' + // =
  '0041221408' + // >
  '0201590906' + // ?
  '3E415D594E' + // @
  '7C1211127C' + // A
  '7F49494936' + // B
  '3E41414122' + // C
  '7F4141413E' + // D
  '7F49494941' + // E
  '7F09090901' + // F
  '3E41415173' + // G
  '7F0808087F' + // H
  '00417F4100' + // I
  '2040413F01' + // J
  '7F08142241' + // K
  '7F40404040' + // L
  '7F021C027F' + // M
  '7F0408107F' + // N
  '3E4141413E' + // O
  '7F09090906' + // P
  '3E4151215E' + // Q
  '7F09192946' + // R
  '2649494932' + // S
  '03017F0103' + // T
  '3F4040403F' + // U
  '1F2040201F' + // V
  '3F4038403F' + // W
  '6314081463' + // X
  '0304780403' + // Y
  '6159494D43' + // Z
  '007F414141' + // [
  '0204081020' + // backslash
  '004141417F' + // ]
  '0402010204' + // ^
  '4040404040' + // _
  '0003070800' + // `
  '2054547840' + // a
  '7F28444438' + // b
  '3844444428' + // c
  '384444287F' + // d
  '3854545418' + // e
  '00087E0902' + // f
  '18A4A49C78' + // g
  '7F08040478' + // h
  '00447D4000' + // i
  '2040403D00' + // j
  '7F10284400' + // k
  '00417F4000' + // l
  '7C04780478' + // m
  '7C08040478' + // n
  '3844444438' + // o
  'FC18242418' + // p
  '18242418FC' + // q
  '7C08040408' + // r
  '4854545424' + // s
  '04043F4424' + // t
  '3C4040207C' + // u
  '1C2040201C' + // v
  '3C4030403C' + // w
  '4428102844' + // x
  '4C9090907C' + // y
  '4464544C44' + // z
  '0008364100' + // {
  '0000770000' + // |
  '0041360800' + // }
  '0201020402'; // ~

/** Columns per glyph, without the blank column between two. */
export const glyphWidth = 5;
/** Rows per glyph (descenders use the eighth bit). */
export const glyphHeight = 8;

/** The five columns of one printable ASCII character; `?` stands for any other. */
export function glyphColumns(character: string): readonly number[] {
  const code = character.charCodeAt(0);
  const index = code >= 0x20 && code <= 0x7e ? code - 0x20 : 0x3f - 0x20;
  const at = index * glyphWidth * 2;
  return Array.from({ length: glyphWidth }, (_, column) =>
    Number.parseInt(columns.slice(at + column * 2, at + column * 2 + 2), 16),
  );
}
