/** Asks the server. Every failure is a sentence for people; what is wrong with the token is told apart. */
import type { Problem } from './document.ts';

export class AskFailed extends Error {
  constructor(words: string, readonly status: number) {
    super(words);
  }
  get wantsToken(): boolean {
    return this.status === 401;
  }
}

const PATIENCE_MS = 15_000;

function isProblem(value: unknown): value is Problem {
  return typeof value === 'object' && value !== null && (value as Problem).format === 'weir.problem';
}

/** The document's text: two that are the same need no drawing anew. */
export async function ask(path: string, parameters: Record<string, string | undefined>, token: string | undefined): Promise<string> {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) if (value !== undefined) query.set(name, value);
  const asked = query.toString();
  const url = asked === '' ? path : `${path}?${asked}`;
  let answer: Response;
  let text: string;
  try {
    const headers: Record<string, string> = token === undefined ? {} : { Authorization: `Bearer ${token}` };
    const over = new AbortController();
    const late = setTimeout(() => over.abort(), PATIENCE_MS);
    try {
      answer = await fetch(url, { headers, cache: 'no-store', credentials: 'same-origin', signal: over.signal });
      text = await answer.text();
    } finally {
      clearTimeout(late);
    }
  } catch {
    throw new AskFailed('“weir history serve” does not answer: it has ended, or the network is down.', 0);
  }
  if (answer.ok) return text;
  let words = `The server answered with status ${answer.status}.`;
  try {
    const value: unknown = JSON.parse(text);
    if (isProblem(value)) words = `${value.words.charAt(0).toUpperCase()}${value.words.slice(1)}.`;
  } catch {
    // a proxy's page: the status has to do
  }
  throw new AskFailed(words, answer.status);
}

/** The document in it; what is none, or of another kind, is said so. */
export function read<Document extends { format: string; version: number }>(text: string, format: Document['format']): Document {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new AskFailed('What came is no document of Weir: is another program, or a proxy, answering here?', 0);
  }
  const document = value as Document;
  if (document?.format !== format || document.version !== 1) {
    throw new AskFailed('The server is of another version than this page: load the page again.', 0);
  }
  return document;
}
