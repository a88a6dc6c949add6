// https://jslib.k6.io/formdata/: a multipart/form-data body. Written from its documentation.

const encoder = new TextEncoder();

/** Bytes of a string, ArrayBuffer, typed array or array of byte values. */
function bytesOf(data) {
  if (data instanceof ArrayBuffer) return new Uint8Array(data);
  if (ArrayBuffer.isView(data)) return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  if (Array.isArray(data)) return Uint8Array.from(data);
  return encoder.encode(`${data}`);
}

/** As browsers write names into the header: RFC 7578, section 4.2 and the HTML standard. */
function quoted(name) {
  return `"${`${name}`.replace(/\r\n|\r|\n/g, '%0D%0A').replace(/"/g, '%22')}"`;
}

export class FormData {
  constructor() {
    let digits = '';
    while (digits.length < 24) digits += Math.floor(Math.random() * 10);
    this.boundary = `--------------------------${digits}`;
    this.parts = [];
  }

  /** `value`: text, or a file `{ data, filename, content_type }` such as http.file() makes. */
  append(name, value, filename) {
    const isFile = value !== null && typeof value === 'object' && value.data !== undefined;
    const part = { name, data: isFile ? value.data : value };
    if (isFile) {
      part.filename = filename || value.filename || 'data';
      part.type = value.content_type || 'application/octet-stream';
    } else if (filename) {
      part.filename = filename;
      part.type = 'application/octet-stream';
    }
    this.parts.push(part);
  }

  /** The request body as an ArrayBuffer; to be sent with `boundary` in the Content-Type header. */
  body() {
    const chunks = [];
    for (const { name, data, filename, type } of this.parts) {
      let head = `--${this.boundary}\r\nContent-Disposition: form-data; name=${quoted(name)}`;
      if (filename) head += `; filename=${quoted(filename)}`;
      if (type) head += `\r\nContent-Type: ${type}`;
      chunks.push(encoder.encode(`${head}\r\n\r\n`), bytesOf(data), encoder.encode('\r\n'));
    }
    chunks.push(encoder.encode(`--${this.boundary}--\r\n`));
    const whole = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
    let at = 0;
    for (const chunk of chunks) {
      whole.set(chunk, at);
      at += chunk.length;
    }
    return whole.buffer;
  }

  get contentType() {
    return `multipart/form-data; boundary=${this.boundary}`;
  }
}
