/**
 * Builds elements. Text goes in as text nodes alone, so that nothing a result says can become markup, and styles go in
 * through the CSSOM, which the page's policy allows.
 */
export type Child = Node | string | number | null | undefined | false | readonly Child[];

export interface Props {
  class?: string | undefined;
  /** Custom properties and other styles, by CSS name. */
  css?: Record<string, string>;
  on?: Record<string, (event: Event) => void>;
  [attribute: string]: unknown;
}

const SVG = 'http://www.w3.org/2000/svg';

function fill(element: HTMLElement | SVGElement, props: Props, children: readonly Child[]): void {
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === false || value === null) continue;
    if (name === 'css') {
      for (const [key, style] of Object.entries(value as object)) element.style.setProperty(key, style);
    } else if (name === 'on') {
      for (const [event, handler] of Object.entries(value as object)) element.addEventListener(event, handler);
    } else {
      element.setAttribute(name, value === true ? '' : String(value));
    }
  }
  append(element, children);
}

export function append(parent: Node, children: readonly Child[]): void {
  for (const child of children) {
    if (child === null || child === undefined || child === false) continue;
    if (child instanceof Node) parent.appendChild(child);
    else if (typeof child === 'object') append(parent, child);
    else parent.appendChild(document.createTextNode(String(child)));
  }
}

export function el<K extends keyof HTMLElementTagNameMap>(
  tag: K, props: Props = {}, ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  fill(element, props, children);
  return element;
}

export function svg(tag: string, props: Props = {}, ...children: Child[]): SVGElement {
  const element = document.createElementNS(SVG, tag) as SVGElement;
  fill(element, props, children);
  return element;
}

/** An address that may be followed: http and https alone. Undefined for what else a result may hold. */
export function webAddress(address: string): string | undefined {
  try {
    const url = new URL(address);
    return url.protocol === 'https:' || url.protocol === 'http:' ? url.href : undefined;
  } catch {
    return undefined;
  }
}

/** A link, or its plain text where the address cannot be followed. */
export function link(address: string, ...children: Child[]): Node {
  const href = webAddress(address);
  const shown = children.length > 0 ? children : [address];
  if (href === undefined) return el('span', {}, ...shown);
  return el('a', { href, target: '_blank', rel: 'noopener noreferrer' }, ...shown);
}

/** Words of Weir with `names in backquotes`, which become code. A figure and its unit stay on one line. */
export function prose(words: string): Child[] {
  return words.replace(/(\d) (%|ms|s|×)(?![\w])/g, '$1\u00a0$2').split('`').map((part, i, parts) =>
    i % 2 === 1 && i < parts.length - 1 ? el('code', {}, part) : i % 2 === 1 ? `\`${part}` : part);
}

export function visuallyHidden(...children: Child[]): HTMLElement {
  return el('span', { class: 'visually-hidden' }, ...children);
}

let ids = 0;
/** An id that no other element of the page has. */
export function freshId(stem: string): string {
  ids += 1;
  return `${stem}-${ids}`;
}
