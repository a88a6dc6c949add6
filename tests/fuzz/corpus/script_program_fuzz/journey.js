0export const options = { vus: 1 };
export default async function () { for (const x of [1, 2]) { await x; } throw new Error(`${options.vus}`); }
