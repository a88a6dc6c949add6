// https://jslib.k6.io/url/: the globals of the same name.
const Url = globalThis.URL;
const Params = globalThis.URLSearchParams;
export { Url as URL, Params as URLSearchParams };
