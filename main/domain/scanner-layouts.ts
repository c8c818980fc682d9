/**
 * What comes of a code when the scanner is set to another country's keyboard: it presses the keys that make the code
 * there, and they are read here as those of a US keyboard. So the self-test can name the layout.
 * Each pair is the character on that layout and the one its key makes on a US keyboard, with the same Shift. Signs that
 * are made with AltGr are left out: the burst is refused for the layout before it gets here.
 * Source: the layouts of Windows as Microsoft publishes them (KBDGR, KBDFR, KBDUK, KBDDV, KBDES, KBDIT); general knowledge,
 * not tried on a scanner.
 */

type Layout = Readonly<Record<string, string>>;

function pairs(from: string, to: string): Layout {
  const made = [...to];
  return Object.fromEntries([...from].map((one, index) => [one, made[index] ?? one]));
}

const letters = 'abcdefghijklmnopqrstuvwxyz';

/** Letters by the US key under them; the capitals follow. */
function lettersOn(keys: string): Layout {
  const upper = [...keys].map((key) => shifted[key] ?? key.toUpperCase()).join('');
  return { ...pairs(letters, keys), ...pairs(letters.toUpperCase(), upper) };
}

const shifted: Layout = pairs(";',./-=[]\\", ':"<>?_+{}|');

const layouts: Readonly<Record<string, Layout>> = {
  'QWERTZ (Deutsch)': {
    ...lettersOn('abcdefghijklmnopqrstuvwxzy'),
    ...pairs('ß?-_+*#\';:/()="&', '-_/?]}\\|<>&*()@^'),
  },
  'AZERTY (Français)': {
    ...lettersOn('qbcdefghijkl;noparstuvzxyw'),
    ...pairs('0123456789', ')!@#$%^&*('),
    ...pairs('-_/:;,.?!)=+', '68>.,m<M/-=+'),
  },
  'QWERTY (UK)': pairs('@"#~£', '"@\\|#'),
  Dvorak: {
    ...lettersOn('anihdyujgcvpmlsrxo;kf.,bt/'),
    ...pairs('\',./-_=+[]{};:<>?"', 'qwe[\'"]}-=_+zZWE{Q'),
  },
  'QWERTY (Español)': pairs("-_:;/()=?'", '/?><&*()_-'),
  'QWERTY (Italiano)': pairs("-_:;/()=?'", '/?><&*()_-'),
};

/**
 * The layout that makes of `expected` what was read, from its first character to its last; null if none does. The first
 * `head` characters tell a self-test from any other code.
 */
export function layoutOf(read: string, expected: string, head: number): string | null {
  for (const [name, layout] of Object.entries(layouts)) {
    const made = [...expected].map((one) => layout[one] ?? one).join('');
    if (made === expected) continue;
    const begins = made.slice(0, head).toUpperCase() === read.slice(0, head).toUpperCase();
    const differs = made.slice(0, head) !== expected.slice(0, head);
    if (made === read || (begins && differs)) return name;
  }
  return null;
}
