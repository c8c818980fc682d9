/** The same scenes played inside the page: ten thousand scans in a minute. Serialised into the page: uses nothing outside. */
import type { KeyEvent, InputMethod } from './scanner-desk.ts';

export interface PlayedScene {
  readonly code: string;
  readonly focus: string;
  readonly events: readonly KeyEvent[];
  readonly inputMethod: InputMethod;
  readonly capsLock: boolean;
}

export interface Played {
  /** Codes sent to the station, refusals said, and what stood in the fields after the scene. */
  readonly scans: readonly string[];
  readonly refusals: readonly string[];
  readonly fields: Readonly<Record<string, string>>;
}

interface World {
  /** Both made by `addFields`. */
  readonly said: string[];
  readonly settleFields: (focus: string) => Record<string, string>;
  sentScans?: string[];
  pageAt?: number;
}

/**
 * Plays scenes one after the other. Key events are made here, with their time stamps; what a key would type where nothing
 * keeps it from doing so, the browser's own editing command types (`execCommand`), after a `beforeinput` as the browser
 * sends it. The fields come from `addFields`.
 */
export async function playInPage(scenes: readonly PlayedScene[]): Promise<Played[]> {
  const world = window as unknown as World;
  if (world.sentScans === undefined) {
    const list: string[] = (world.sentScans = []);
    const original = WebSocket.prototype.send;
    WebSocket.prototype.send = function (this: WebSocket, data: string | ArrayBufferLike | Blob | ArrayBufferView) {
      if (typeof data === 'string' && data.includes('"pack.scan"')) {
        list.push((JSON.parse(data) as { input: { code: string } }).input.code);
      }
      original.call(this, data as string);
    };
    world.pageAt = performance.now() + 10_000;
  }
  const sent = world.sentScans;
  const played: Played[] = [];
  const turn = (): Promise<void> =>
    new Promise((resolve) => {
      const channel = new MessageChannel();
      channel.port1.addEventListener('message', () => resolve(), { once: true });
      channel.port1.start();
      channel.port2.postMessage(null);
    });

  const takesText = (element: Element): boolean =>
    element instanceof HTMLInputElement ||
    element instanceof HTMLTextAreaElement ||
    (element instanceof HTMLElement && element.isContentEditable);

  const type = (element: Element, text: string, composing: boolean): void => {
    // Elsewhere neither keys nor an input method type; the editing command would, into the field left last.
    if (!takesText(element)) return;
    const inputType = composing ? 'insertCompositionText' : 'insertText';
    const before = new InputEvent('beforeinput', { inputType, data: text, cancelable: !composing, bubbles: true });
    if (element.dispatchEvent(before)) document.execCommand('insertText', false, text);
  };

  for (const scene of scenes) {
    world.settleFields(scene.focus);
    const [scansBefore, saidBefore, base] = [sent.length, world.said.length, world.pageAt ?? 0];
    const composing = scene.inputMethod === 'composing';
    if (composing && document.activeElement !== null) type(document.activeElement, 'ni', true);
    for (const event of scene.events) {
      const element = document.activeElement ?? document.body;
      const plain = event.text !== null && event.text !== '\r';
      const taken = scene.inputMethod !== 'off' && plain;
      const key = taken ? 'Process' : plain ? (event.text ?? '') : event.code;
      const made = new KeyboardEvent(event.type === 'down' ? 'keydown' : 'keyup', {
        ...{ code: event.code, key, keyCode: taken && event.type === 'down' ? 229 : 65 },
        ...{ shiftKey: (event.modifiers & 8) !== 0, ctrlKey: (event.modifiers & 2) !== 0 },
        ...{ modifierCapsLock: scene.capsLock, isComposing: taken && composing && element !== document.body },
        ...{ bubbles: true, cancelable: true, composed: true },
      });
      Object.defineProperty(made, 'timeStamp', { value: base + event.at });
      const goesOn = element.dispatchEvent(made);
      if (event.type === 'up' || event.text === null) continue;
      // An input method types whatever the page does with the key, while it has a field.
      if (composing && plain) type(document.activeElement ?? document.body, event.text, true);
      else if (goesOn && plain && !taken) type(element, event.text, false);
      else if (goesOn && !plain && element instanceof HTMLButtonElement) element.click();
    }
    world.pageAt = base + (scene.events.at(-1)?.at ?? 0) + 12_000;
    await turn();
    await turn();
    const fields = world.settleFields('none');
    played.push({
      scans: sent.slice(scansBefore),
      refusals: world.said.slice(saidBefore).filter((one) => one.startsWith('scan.refused')),
      fields,
    });
  }
  return played;
}
