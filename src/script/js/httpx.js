// https://jslib.k6.io/httpx/: a session over k6/http with defaults. Written from its documentation.
import http from 'k6/http';

export class Request {
  constructor(method, url, body, params) {
    this.method = method;
    this.url = url;
    this.body = body;
    this.params = params;
  }
}

export class Get extends Request {
  constructor(url, params) {
    super('GET', url, null, params);
  }
}
export class Post extends Request {
  constructor(url, body, params) {
    super('POST', url, body, params);
  }
}
export class Put extends Request {
  constructor(url, body, params) {
    super('PUT', url, body, params);
  }
}
export class Patch extends Request {
  constructor(url, body, params) {
    super('PATCH', url, body, params);
  }
}
export class Delete extends Request {
  constructor(url, body, params) {
    super('DELETE', url, body, params);
  }
}
export class Options extends Request {
  constructor(url, body, params) {
    super('OPTIONS', url, body, params);
  }
}
export class Head extends Request {
  constructor(url, params) {
    super('HEAD', url, null, params);
  }
}

const isAbsolute = (url) => /^[a-z][a-z0-9+.-]*:\/\//i.test(url);

export class Httpx {
  constructor(options = {}) {
    this.baseURL = options.baseURL || '';
    this.timeout = options.timeout || 60000;
    this.headers = { ...options.headers };
    this.tags = { ...options.tags };
  }

  setBaseUrl(url) {
    this.baseURL = url;
  }
  addHeader(name, value) {
    this.headers[name] = value;
  }
  addHeaders(headers) {
    Object.assign(this.headers, headers);
  }
  clearHeader(name) {
    delete this.headers[name];
  }
  addTag(name, value) {
    this.tags[name] = value;
  }
  addTags(tags) {
    Object.assign(this.tags, tags);
  }
  clearTag(name) {
    delete this.tags[name];
  }

  /** The session's defaults under the request's own. */
  merged(params) {
    const own = params || {};
    return {
      timeout: this.timeout,
      ...own,
      headers: { ...this.headers, ...own.headers },
      tags: { ...this.tags, ...own.tags },
    };
  }
  full(url) {
    // http.url`...` gives an object; its address is left as it is.
    return typeof url === 'string' && !isAbsolute(url) ? this.baseURL + url : url;
  }

  request(method, url, body, params) {
    return http.request(method, this.full(url), body, this.merged(params));
  }
  asyncRequest(method, url, body, params) {
    return http.asyncRequest(method, this.full(url), body, this.merged(params));
  }
  get(url, body, params) {
    return this.request('GET', url, body, params);
  }
  head(url, body, params) {
    return this.request('HEAD', url, body, params);
  }
  post(url, body, params) {
    return this.request('POST', url, body, params);
  }
  put(url, body, params) {
    return this.request('PUT', url, body, params);
  }
  patch(url, body, params) {
    return this.request('PATCH', url, body, params);
  }
  delete(url, body, params) {
    return this.request('DELETE', url, body, params);
  }
  options(url, body, params) {
    return this.request('OPTIONS', url, body, params);
  }
  trace(url, body, params) {
    return this.request('TRACE', url, body, params);
  }

  /** Requests as `new Get('/path')` and its like, sent at the same time. */
  batch(requests, params) {
    const shared = params || {};
    return http.batch(
      requests.map((request) => {
        const own = request.params || {};
        return {
          method: request.method,
          url: this.full(request.url),
          body: request.body,
          params: this.merged({
            ...shared,
            ...own,
            headers: { ...shared.headers, ...own.headers },
            tags: { ...shared.tags, ...own.tags },
          }),
        };
      })
    );
  }
}

export default Httpx;
