/**
 * Joins the wedge decoder to a page: hears every key before anything else does, keeps a scanner's keys from the page,
 * and puts back what the first keys of a burst may have typed into a field.
 */
import {
  forgetTyped,
  initialWedgeState,
  stepWedge,
  tickWedge,
  typedText,
  wakeAt,
  type KeyInput,
  type WedgeOutput,
  type WedgeSettings,
} from './wedge.ts';

export interface WedgeHandlers {
  onScan(code: string, source: 'wedge' | 'keyboard'): void;
  /** `reason` is the tail of a locale key `scan.refused-…`. */
  onRefused(reason: string): void;
  /** A key pressed alone; return true if it was an answer to something. */
  onLoneKey(key: string): boolean;
  /** Code typed by hand so far. */
  onTyped(text: string): void;
  /** Every other key-down that belongs to the page. Return true if it was a command. */
  onKey(event: KeyboardEvent): boolean;
  /** Any key or click at all: browsers allow sound from then on. */
  onGesture(): void;
}

type TextField = HTMLInputElement | HTMLTextAreaElement;

/** Listens until the returned function is called. */
export function listenToKeys(page: Window, settings: () => WedgeSettings, handlers: WedgeHandlers): () => void {
  let state = initialWedgeState;
  let timer: number | undefined;
  /** What the field held before the burst that began in it. */
  let before: { readonly field: TextField; readonly value: string } | null = null;

  const deliver = (outputs: readonly WedgeOutput[]): void => {
    for (const output of outputs) {
      if (output.kind === 'scan') handlers.onScan(output.code, output.source);
      else if (output.kind === 'refused') handlers.onRefused(output.reason);
      else if (output.kind === 'takeover') takeOver();
      else if (handlers.onLoneKey(output.key)) state = forgetTyped(state);
    }
  };

  const settle = (): void => {
    page.clearTimeout(timer);
    const wake = wakeAt(state, settings());
    if (wake !== null) timer = page.setTimeout(tick, Math.max(0, wake - page.performance.now()) + 1);
    handlers.onTyped(typedText(state));
  };

  const tick = (): void => {
    const step = tickWedge(state, page.performance.now(), settings());
    state = step.state;
    deliver(step.outputs);
    settle();
  };

  const takeOver = (): void => {
    if (before === null) return;
    const { field, value } = before;
    before = null;
    // Leaving the field ends an input method's composition, so nothing of the scan is committed later.
    field.blur();
    restore(field, value);
    page.setTimeout(() => restore(field, value), 0);
  };

  const onKey = (event: KeyboardEvent): void => {
    if (event.type === 'keydown') handlers.onGesture();
    const input = inputOf(event, page);
    const wasIdle = state.burst === null;
    const step = stepWedge(state, input, settings());
    state = step.state;
    const field = page.document.activeElement;
    if (wasIdle && state.burst !== null && isTextField(field)) before = { field, value: field.value };
    if (step.swallow) {
      event.preventDefault();
      event.stopImmediatePropagation();
    }
    deliver(step.outputs);
    settle();
    if (step.swallow || event.type !== 'keydown' || event.isComposing) return;
    if (handlers.onKey(event)) {
      event.preventDefault();
      event.stopImmediatePropagation();
    }
  };

  /** Text that an input method or Alt + keypad makes without a key-down of its own. */
  const onBeforeInput = (event: InputEvent): void => {
    if (state.burst?.scanner === true) event.preventDefault();
  };

  const onPointer = (): void => handlers.onGesture();

  page.addEventListener('keydown', onKey, { capture: true });
  page.addEventListener('keyup', onKey, { capture: true });
  page.addEventListener('beforeinput', onBeforeInput, { capture: true });
  page.addEventListener('pointerdown', onPointer, { capture: true });
  return () => {
    page.clearTimeout(timer);
    page.removeEventListener('keydown', onKey, { capture: true });
    page.removeEventListener('keyup', onKey, { capture: true });
    page.removeEventListener('beforeinput', onBeforeInput, { capture: true });
    page.removeEventListener('pointerdown', onPointer, { capture: true });
  };
}

function inputOf(event: KeyboardEvent, page: Window): KeyInput {
  return {
    type: event.type === 'keydown' ? 'down' : 'up',
    code: event.code,
    key: event.key,
    // The only sign of a key an input method took in some systems (W3C UI Events, "legacy key attributes").
    keyCode: event.keyCode,
    shift: event.shiftKey,
    ctrl: event.ctrlKey,
    alt: event.altKey,
    meta: event.metaKey,
    altGraph: event.getModifierState('AltGraph'),
    repeat: event.repeat,
    composing: event.isComposing,
    inField: isTextField(page.document.activeElement),
    // When the system got the key, not when this page found time for it: a busy page does not slow a scanner down.
    at: event.timeStamp,
  };
}

const typelessInputs: ReadonlySet<string> = new Set([
  'button',
  'checkbox',
  'radio',
  'range',
  'submit',
  'reset',
  'color',
]);

function isTextField(element: Element | null): element is TextField {
  if (element instanceof HTMLTextAreaElement) return true;
  return element instanceof HTMLInputElement && !typelessInputs.has(element.type);
}

/** Sets the value as if typed, so that React's copy of it changes too. */
function restore(field: TextField, value: string): void {
  if (field.value === value) return;
  const prototype = field instanceof HTMLInputElement ? HTMLInputElement.prototype : HTMLTextAreaElement.prototype;
  Object.getOwnPropertyDescriptor(prototype, 'value')?.set?.call(field, value);
  field.dispatchEvent(new Event('input', { bubbles: true }));
}
