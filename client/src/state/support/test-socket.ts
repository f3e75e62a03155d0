import type { AdministratorEvent, PageEvent, TopicEvent } from '@perch/shared';

/** A WebSocket whose server is the test. */
export class TestSocket {
  static readonly CONNECTING = 0;
  static readonly OPEN = 1;
  static last: TestSocket;
  readyState = TestSocket.CONNECTING;
  readonly said: unknown[] = [];
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;

  constructor() {
    TestSocket.last = this;
  }

  send(text: string): void {
    this.said.push(JSON.parse(text));
  }

  close(): void {
    this.readyState = 3;
  }

  open(): void {
    this.readyState = TestSocket.OPEN;
    this.onopen?.();
  }

  tell(event: TopicEvent | PageEvent | AdministratorEvent): void {
    this.onmessage?.({ data: JSON.stringify(event) });
  }

  lose(code = 1006): void {
    this.readyState = 3;
    this.onclose?.({ code });
  }

  take(): unknown[] {
    return this.said.splice(0);
  }
}
