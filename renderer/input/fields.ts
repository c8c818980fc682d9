/** Elements that take typed text, and what they held before a scanner's keys reached them. */

export interface Kept {
  /** Puts it back, as if typed, so that whoever follows the element hears of it. Does nothing if nothing changed. */
  restore(): void;
  holds(target: EventTarget | null): boolean;
  /** Leaves the element: ends an input method's composition, so that nothing is committed later. */
  leave(): void;
}

const typelessInputs: ReadonlySet<string> = new Set([
  'button',
  'checkbox',
  'radio',
  'range',
  'submit',
  'reset',
  'color',
  'image',
  'file',
]);

/** The element with the focus, also inside a shadow root or a frame of this origin. */
export function focused(page: Document): Element | null {
  let element = page.activeElement;
  while (element?.shadowRoot?.activeElement != null) element = element.shadowRoot.activeElement;
  return element;
}

export function takesText(element: Element | null): boolean {
  if (element instanceof HTMLTextAreaElement) return true;
  if (element instanceof HTMLInputElement) return !typelessInputs.has(element.type);
  return element instanceof HTMLElement && element.isContentEditable;
}

export function hidesText(element: Element | null): boolean {
  return element instanceof HTMLInputElement && element.type === 'password';
}

/** What a text element holds now; null for others. */
export function keep(element: Element | null): Kept | null {
  if (element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement) {
    return takesText(element) ? keepField(element) : null;
  }
  return element instanceof HTMLElement && element.isContentEditable ? keepEditable(element) : null;
}

function keepField(field: HTMLInputElement | HTMLTextAreaElement): Kept {
  const { value } = field;
  const prototype = field instanceof HTMLInputElement ? HTMLInputElement.prototype : HTMLTextAreaElement.prototype;
  return {
    restore() {
      if (field.value === value) return;
      // The prototype's own setter: React replaces that of the element to keep its copy of the value.
      Object.getOwnPropertyDescriptor(prototype, 'value')?.set?.call(field, value);
      field.dispatchEvent(new Event('input', { bubbles: true }));
    },
    holds: (target) => target === field,
    leave: () => field.blur(),
  };
}

function keepEditable(element: HTMLElement): Kept {
  const nodes = [...element.childNodes].map((node) => node.cloneNode(true));
  const { innerHTML } = element;
  return {
    restore() {
      if (element.innerHTML === innerHTML) return;
      element.replaceChildren(...nodes.map((node) => node.cloneNode(true)));
      element.dispatchEvent(new Event('input', { bubbles: true }));
    },
    holds: (target) => target instanceof Node && element.contains(target),
    leave: () => element.blur(),
  };
}
