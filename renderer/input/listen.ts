/**
 * Joins the wedge decoder to a page: hears every key before anything else does, keeps a scanner's keys from the page,
 * and puts back what the first keys of a burst may have typed into a field.
 */
import { focused, hidesText, keep, takesText, type Kept } from './fields.ts';
import { initialWedgeState } from './wedge-model.ts';
import type { KeyInput, WedgeManner, WedgeOutput, WedgeSettings } from './wedge-model.ts';
import { forgetTyped, stepWedge, tickWedge, typedText, wakeAt } from './wedge.ts';

/** Keys whose field is remembered: more than it takes to tell a scanner from a person. */
const keptKeys = 64;
/** How long after a burst a late word of the input method may still change the field it began in. */
const lateTextMs = 150;

export interface WedgeHandlers {
  onScan(code: string, source: 'wedge' | 'keyboard', manner: WedgeManner): void;
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

/** Listens until the returned function is called. */
export function listenToKeys(page: Window, settings: () => WedgeSettings, handlers: WedgeHandlers): () => void {
  let state = initialWedgeState;
  let timer: number | undefined;
  /** What the field held before each of the newest keys that went into it. */
  let before: { readonly at: number; readonly field: Kept }[] = [];
  /** The field a scanner's burst was taken out of, until nothing of it can come any more. */
  let guarded: Kept | null = null;
  let guardTimer: number | undefined;

  const deliver = (outputs: readonly WedgeOutput[]): void => {
    for (const output of outputs) {
      if (output.kind === 'scan') handlers.onScan(output.code, output.source, output.manner);
      else if (output.kind === 'refused') handlers.onRefused(output.reason);
      else if (output.kind === 'takeover') takeOver(output.since);
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

  const takeOver = (since: number): void => {
    const first = before.find(({ at }) => at >= since) ?? before.at(-1);
    before = [];
    if (first === undefined) return;
    const { field } = first;
    field.leave();
    field.restore();
    guarded = field;
    watchGuarded();
  };

  /** Once the burst is over and the system had time to say its last word, the field is the person's again. */
  const watchGuarded = (): void => {
    page.clearTimeout(guardTimer);
    guardTimer = page.setTimeout(() => {
      // Late text was put back as it came (`onInput`). What the field holds now may be what the scan itself is meant to
      // fill in, so it is not put back here.
      if (state.burst?.scanner === true) watchGuarded();
      else guarded = null;
    }, lateTextMs);
  };

  const onKey = (event: KeyboardEvent): void => {
    if (event.type === 'keydown') handlers.onGesture();
    const input = inputOf(event, page);
    if (event.type === 'keydown' && input.inField) {
      const field = keep(focused(page.document));
      if (field !== null) before = [...before.slice(1 - keptKeys), { at: input.at, field }];
    }
    const step = stepWedge(state, input, settings());
    state = step.state;
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
    if (state.burst?.scanner === true || guarded?.holds(event.target) === true) event.preventDefault();
  };

  /** What an input method commits cannot be prevented (W3C Input Events, `insertCompositionText`), only put back. */
  const onInput = (event: Event): void => {
    if (event.isTrusted && guarded?.holds(event.target) === true) guarded.restore();
  };

  /** Somebody goes back into the field after the scan: it is theirs again. */
  const onFocus = (event: FocusEvent): void => {
    if (state.burst?.scanner === true || guarded?.holds(event.target) !== true) return;
    page.clearTimeout(guardTimer);
    guarded = null;
  };

  const onPointer = (): void => handlers.onGesture();

  page.addEventListener('keydown', onKey, { capture: true });
  page.addEventListener('keyup', onKey, { capture: true });
  page.addEventListener('beforeinput', onBeforeInput, { capture: true });
  page.addEventListener('input', onInput, { capture: true });
  page.addEventListener('focusin', onFocus, { capture: true });
  page.addEventListener('pointerdown', onPointer, { capture: true });
  return () => {
    page.clearTimeout(timer);
    page.clearTimeout(guardTimer);
    page.removeEventListener('keydown', onKey, { capture: true });
    page.removeEventListener('keyup', onKey, { capture: true });
    page.removeEventListener('beforeinput', onBeforeInput, { capture: true });
    page.removeEventListener('input', onInput, { capture: true });
    page.removeEventListener('focusin', onFocus, { capture: true });
    page.removeEventListener('pointerdown', onPointer, { capture: true });
  };
}

function inputOf(event: KeyboardEvent, page: Window): KeyInput {
  const element = focused(page.document);
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
    inField: takesText(element),
    inSecretField: hidesText(element),
    capsLock: event.getModifierState('CapsLock'),
    // When the system got the key, not when this page found time for it: a busy page does not slow a scanner down.
    at: event.timeStamp,
  };
}
