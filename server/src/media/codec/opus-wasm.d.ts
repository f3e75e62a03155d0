/** The part of `@evan/opus` that never loads native code; the package has types for its other entry point only. */
declare module '@evan/opus/wasm/index.mjs' {
  interface Options {
    readonly channels: 1 | 2;
    readonly sample_rate: number;
    readonly application?: 'voip' | 'audio' | 'restricted_lowdelay';
  }

  export class Encoder {
    constructor(options: Options);
    /** Samples of 16 bits in the machine's order of octets. */
    encode(samples: ArrayBufferView): Uint8Array<ArrayBuffer>;
    ctl(request: number, value: number): number;
    drop(): void;
  }

  export class Decoder {
    constructor(options: Omit<Options, 'application'>);
    decode(packet: ArrayBufferView): Uint8Array<ArrayBuffer>;
    drop(): void;
  }
}
