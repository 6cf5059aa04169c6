// Imported before libxml2-wasm: from then on the memory of every WebAssembly instance is known, which the library keeps to itself.

interface Instantiated {
  readonly instance: { readonly exports: Readonly<Record<string, unknown>> };
}

interface WebAssemblyGlobal {
  instantiate: (source: unknown, imports?: unknown) => Promise<Instantiated>;
}

const { WebAssembly } = globalThis as unknown as { readonly WebAssembly: WebAssemblyGlobal };
const instantiate = WebAssembly.instantiate.bind(WebAssembly);
const memories: { readonly buffer: ArrayBuffer }[] = [];

WebAssembly.instantiate = async (source, imports) => {
  const made = await instantiate(source, imports);
  memories.push(...Object.values(made.instance.exports).filter(isMemory));
  return made;
};

function isMemory(value: unknown): value is { readonly buffer: ArrayBuffer } {
  return Object.prototype.toString.call(value) === '[object WebAssembly.Memory]';
}

/** The length of all WebAssembly memory in bytes, which never shrinks; throws when none was seen. */
export function wasmBytes(): number {
  if (memories.length === 0) throw new Error('no WebAssembly memory was seen: this module was imported too late');
  return memories.reduce((total, { buffer }) => total + buffer.byteLength, 0);
}
