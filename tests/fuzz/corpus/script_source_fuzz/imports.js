import a, { b as c, "d e" as f } from "./x.js";
export * from "https://jslib.k6.io/k6-utils/1.4.0/index.js";
const r = /[/"]/g, t = `a${ require("../y") }b`;
