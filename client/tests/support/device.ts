import type { Page } from '@playwright/test';

/**
 * The browser takes the microphone away from the page: its track ends, as that of a headset which is pulled. The next one can be opened
 * at once, unless it was the `last`.
 */
export async function endMicrophone(page: Page, { last = false } = {}): Promise<void> {
  if (last) {
    await page.evaluate(() => {
      navigator.mediaDevices.getUserMedia = () =>
        Promise.reject(new DOMException('Requested device not found', 'NotFoundError'));
    });
  }
  // Chromium ends the tracks of a page from which permission is withdrawn, if it had been given when they were opened.
  const permit = await permissions(page);
  await permit('denied');
  await permit('granted');
}

/**
 * The person blocks the microphone in the browser's settings of the page, which is told no when it asks, until they allow it by the
 * returned function.
 */
export async function blockMicrophone(page: Page): Promise<() => Promise<void>> {
  await page.evaluate(() => {
    const devices = navigator.mediaDevices;
    const open = devices.getUserMedia.bind(devices);
    devices.getUserMedia = async (constraints) => {
      const { state } = await navigator.permissions.query({ name: 'microphone' });
      if (state === 'denied') throw new DOMException('Permission denied', 'NotAllowedError');
      return open(constraints);
    };
  });
  const permit = await permissions(page);
  await permit('denied');
  return async () => {
    await permit('granted');
  };
}

/** Sets the permission of a page to use the microphone. */
async function permissions(page: Page) {
  const devTools = await page.context().newCDPSession(page);
  const { targetInfo } = await devTools.send('Target.getTargetInfo');
  const { browserContextId = '' } = targetInfo;
  return (setting: 'denied' | 'granted') =>
    devTools.send('Browser.setPermission', {
      permission: { name: 'microphone' },
      setting,
      origin: new URL(page.url()).origin,
      browserContextId,
    });
}

/**
 * The output device of that name is pulled, as a headset from its port, until the returned function plugs it in again. The made-up devices of a
 * browser for tests stay where they are: this page is told otherwise.
 */
export async function pullSpeaker(page: Page, name: string): Promise<() => Promise<void>> {
  await page.evaluate(async (label) => {
    const { mediaDevices } = navigator;
    const pulled = (await mediaDevices.enumerateDevices()).find((device) => device.label === label);
    if (pulled === undefined) throw new Error(`there is no ${label}`);
    const list = mediaDevices.enumerateDevices.bind(mediaDevices);
    mediaDevices.enumerateDevices = async () => (await list()).filter((device) => device.label !== label);
    const back: (() => void)[] = [() => (mediaDevices.enumerateDevices = list)];
    for (const { prototype } of [AudioContext, HTMLMediaElement] as {
      prototype: { setSinkId?: unknown };
    }[]) {
      const send = prototype.setSinkId as (this: unknown, id: string) => Promise<void>;
      prototype.setSinkId = async function (this: unknown, id: string) {
        if (id === pulled.deviceId) throw new DOMException('Requested device not found', 'NotFoundError');
        await send.call(this, id);
      };
      back.push(() => (prototype.setSinkId = send));
    }
    window.perchPlugIn = () => {
      for (const each of back) each();
      mediaDevices.dispatchEvent(new Event('devicechange'));
    };
    mediaDevices.dispatchEvent(new Event('devicechange'));
  }, name);
  return () => page.evaluate(() => window.perchPlugIn?.());
}

declare global {
  interface Window {
    perchPlugIn?: () => void;
  }
}
