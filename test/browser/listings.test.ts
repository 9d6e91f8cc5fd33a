import { mkdirSync } from 'node:fs';
import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser, whyNoBrowser } from '../setup/browser.ts';
import { type DemoConsole, openConsole, young } from '../setup/console.ts';

const missing = whyNoBrowser();
/** Where pictures go, for people who want to look at them. */
const shots = process.env['SHOTS'];

describe.skipIf(missing)(missing ?? 'listings on the screen', () => {
  let demo: DemoConsole;
  let browser: Browser;
  let page: Page;
  const errors: string[] = [];

  beforeAll(async () => {
    [demo, browser] = await Promise.all([openConsole(young), launchBrowser()]);
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, reducedMotion: 'reduce' });
    page = await context.newPage();
    page.on('pageerror', (error) => errors.push(error.message));
    page.on('console', (message) => void (message.type() === 'error' && errors.push(message.text())));
    if (shots) mkdirSync(shots, { recursive: true });
    await page.goto(await demo.signIn());
    await page.getByRole('heading', { name: 'Today' }).waitFor();
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await demo?.close();
  });

  const picture = async (name: string): Promise<void> => {
    if (shots) await page.screenshot({ path: `${shots}/${name}.png` });
  };
  const one = async <T>(text: string): Promise<T | undefined> => (await demo.rows<T & object>(text))[0];
  it('are reached by G I, and say what each store shows', async () => {
    await page.keyboard.press('g');
    await page.keyboard.press('i');
    await page.waitForURL(/\/listings/);
    await page.getByRole('heading', { name: 'Listings' }).waitFor();
    await page.getByText('As told').first().waitFor();
    await picture('listings');
    const shown = await one<{ count: number }>(
      `select count(*)::int as count from channels.told where quantity = want_quantity and told_at is not null`,
    );
    expect(shown?.count).toBeGreaterThan(100);
  });

  it('say why this many, offer by offer', async () => {
    const row = await one<{ sku: string; want: number; why: { offers: { supplier: string }[] } }>(
      `select told.sku, want_quantity as want, why from channels.told join channels.channel on channel.id = channel_id where kind = 'rest' and want_quantity > 3 order by told.sku limit 1`,
    );
    await page.getByPlaceholder('Beginning of a SKU').fill(row?.sku ?? '');
    await page.keyboard.press('Enter');
    const list = page.getByRole('grid', { name: 'Listings' });
    await list
      .getByText(row?.sku ?? '', { exact: true })
      .first()
      .click();
    const panel = page.getByRole('complementary', { name: new RegExp(`Listing ${row?.sku}`) });
    await panel.getByText('Why this many').waitFor();
    expect(await panel.innerText()).toContain(row?.why.offers[0]?.supplier);
    await picture('listings-why');
    await page.keyboard.press('Escape');
  });

  it('change with the policy, whose effect is seen before it is saved', async () => {
    await page.goto(`${demo.url}/listings`);
    await page.getByRole('button', { name: 'Availability' }).click();
    const dialog = page.getByRole('dialog', { name: 'Availability' });
    await dialog.getByLabel('Never show more than').fill('2');
    await dialog.getByText(/^Of \d+ listings, \d+ show another figure/).waitFor();
    await picture('listings-policy');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await page.getByText(/show another figure/).waitFor();
    // Time stands still until somebody moves it.
    await page.getByRole('button', { name: '+1 h' }).click();
    await expect
      .poll(async () => (await one<{ most: number }>('select max(want_quantity) as most from channels.told'))?.most, { timeout: 30_000 })
      .toBe(2);
  });

  it('stand on the page of their store, which can be read at once', async () => {
    const store = await one<{ id: string; name: string }>(
      `select id, name from channels.channel where kind = 'rest' order by code limit 1`,
    );
    await page.goto(`${demo.url}/connections`);
    await page
      .getByRole('link', { name: store?.name ?? '' })
      .first()
      .click();
    const section = page.locator('section', { has: page.getByRole('heading', { name: 'Stock and prices' }) });
    await section.getByRole('button', { name: 'Read now' }).click();
    await page.getByText(/is read now/).waitFor();
    await picture('listings-store');
    expect(await section.getByText('In stock').count()).toBe(1);
  });

  it('come from a shop that is looked at first and then connected', async () => {
    const [home] = demo.world.setup().channels;
    await page.goto(`${demo.url}/connections`);
    await page.getByRole('button', { name: 'Connect a shop' }).click();
    const dialog = page.getByRole('dialog', { name: 'Connect a shop' });
    await dialog.getByLabel('Kind of shop').selectOption('rest');
    await dialog.getByLabel("Address of the store's API").fill(home?.settings['baseUrl'] ?? '');
    await dialog.getByLabel('Its token').fill('not the token');
    await dialog.getByRole('button', { name: 'Look first' }).click();
    await dialog.getByText('It cannot be used yet').waitFor();
    await dialog.getByText('was answered 401').waitFor();
    expect((await new AxeBuilder({ page }).include('[role=dialog]').analyze()).violations.map(({ id }) => id)).toEqual([]);
    await picture('connect-refused');
    await dialog.getByLabel('Its token').fill(home?.secrets['token'] ?? '');
    await dialog.getByRole('button', { name: 'Look first' }).click();
    await dialog.getByText('It answers, and shows').waitFor();
    await dialog.getByLabel('Name').fill('Fernway Second');
    await picture('connect-look');
    await dialog.getByRole('button', { name: 'Connect', exact: true }).click();
    await page.getByText('The following is shown this once').waitFor();
    await page.getByRole('button', { name: 'I kept it' }).click();
    await page.locator('main').getByText('Fernway Second').click();
    await page.getByRole('heading', { name: 'Webhooks' }).waitFor();
    await page.getByRole('button', { name: 'Change its keys' }).click();
    await page.getByRole('dialog', { name: 'Keys of Fernway Second' }).getByLabel('Its token').fill('another');
    await picture('keys');
    await page.getByRole('button', { name: 'Change', exact: true }).click();
    await page.getByText('Fernway Second is changed.').waitFor();
    await picture('channel-webhooks');
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.getByRole('button', { name: 'Resume' }).waitFor();
  });

  describe.each([
    ['light', 1440],
    ['dark', 375],
    ['light', 375],
  ] as const)('in %s at %i px', (colorScheme, width) => {
    it.each(['/listings', '/listings?state=empty'])('%s can be used by everybody', async (path) => {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: width === 375 ? 812 : 900 });
      await page.goto(`${demo.url}${path}`);
      await page.locator('#main h1').waitFor();
      await page.waitForFunction(() => !document.querySelector('main [aria-busy=true], main .skeleton'));
      await picture(`listings-${path.includes('empty') ? 'empty' : 'all'}-${colorScheme}-${width}`);
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
    });
  });

  it('met no error', () => {
    expect(errors).toEqual([]);
  });
});
