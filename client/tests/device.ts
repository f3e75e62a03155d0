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
  const devTools = await page.context().newCDPSession(page);
  const { targetInfo } = await devTools.send('Target.getTargetInfo');
  const { browserContextId = '' } = targetInfo;
  // Chromium ends the tracks of a page from which permission is withdrawn. The tests' browser grants it again when asked.
  await devTools.send('Browser.setPermission', {
    permission: { name: 'microphone' },
    setting: 'denied',
    origin: new URL(page.url()).origin,
    browserContextId,
  });
  await devTools.detach();
}
