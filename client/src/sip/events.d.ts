/** The emitter that JsSIP's types extend, as its dependency `events` has it. */
declare module 'events' {
  export class EventEmitter {
    on(type: string, listener: (...values: never[]) => void): this;
    removeAllListeners(type: string): this;
    off(type: string, listener: (...values: never[]) => void): this;
  }
}
