1enum C { A, B }
class P<T> { constructor(private readonly x: T) {} get(): T { return this.x! } }
export default (a?: number): C => (new P<number>(a as number).get(), C.A);
