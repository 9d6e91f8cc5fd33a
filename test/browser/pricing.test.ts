import { mkdirSync } from 'node:fs';
import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { showId } from '#kernel/id';
import { launchBrowser, whyNoBrowser } from '../setup/browser.ts';
import { type DemoConsole, openConsole, young } from '../setup/console.ts';

const missing = whyNoBrowser();
/** Where pictures go, for people who want to look at them. */
const shots = process.env['SHOTS'];

describe.skipIf(missing)(missing ?? 'pricing on the screen', () => {
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
  const settled = (): Promise<unknown> => page.waitForFunction(() => !document.querySelector('main [aria-busy=true], main .skeleton'));
  const publishButton = () => page.getByRole('button', { name: /^Publish [\d,]+ price/ }).first();
  const published = async (): Promise<number> =>
    (await demo.rows<{ count: number }>('select count(*)::int as count from catalog.listing_price'))[0]?.count ?? 0;

  it('is reached by G P and begins with no rule', async () => {
    await page.keyboard.press('g');
    await page.keyboard.press('p');
    await page.waitForURL(/\/pricing/);
    await page.getByRole('heading', { name: 'Pricing' }).waitFor();
    await page.getByText('Nothing is priced by rules yet').waitFor();
    await page.getByText('No rule yet').waitFor();
    expect(await published()).toBe(0);
  });

  it('types exchange rates, which the suppliers’ currencies need', async () => {
    await page.getByRole('button', { name: 'Exchange rates' }).click();
    const pairs = await demo.rows<{ base: string; quote: string }>(
      'select distinct s.currency as base, c.currency as quote from suppliers.supplier s cross join channels.channel c where s.currency <> c.currency',
    );
    for (const { base, quote } of pairs) {
      await page.getByLabel('One unit of').fill(base);
      await page.getByLabel('units of', { exact: true }).fill(quote);
      await page.getByLabel('is', { exact: true }).fill('1.05');
      await page.getByRole('button', { name: 'Enter rate' }).click();
      await page.getByText(new RegExp(`1 ${base} = 1.05 ${quote}`)).waitFor();
    }
    await page.getByRole('button', { name: 'Rules', exact: true }).click();
    expect(await demo.rows('select from catalog.price_rate')).toHaveLength(pairs.length);
  });

  it('shows at once what a new rule would do, and a narrower one too', async () => {
    await page.keyboard.press('n');
    await page.getByLabel('Name').fill('Everything');
    await publishButton().waitFor();
    await expect.poll(() => page.locator('.price-numbers').innerText()).toMatch(/In scope of “Everything”\s+[1-9]/);
    const wide = Number((await page.locator('.price-numbers dd').first().innerText()).replaceAll(',', ''));
    await page.getByText('What holds for every rule').click();
    await page.getByLabel('Price that moves more than').fill('400');
    await settled();
    await page.getByLabel('Markup', { exact: true }).fill('1.9');
    await settled();
    await picture('pricing-rule');
    const [brand] = await demo.rows<{ brand: string }>(`select brand from catalog.variant group by brand order by count(*) desc limit 1`);
    await page.keyboard.press('Tab');
    await page.getByRole('button', { name: 'New rule' }).click();
    await page.getByLabel('Name').fill('One brand');
    await page.getByLabel('Add brand').fill(brand?.brand ?? '?');
    await page.keyboard.press('Enter');
    await page.getByLabel('Markup, dragged').fill('25000');
    await expect
      .poll(async () => Number((await page.locator('.price-numbers dd').first().innerText()).replaceAll(',', '')))
      .toBeLessThan(wide);
    await expect.poll(() => page.locator('.price-rules').innerText()).toMatch(/Brand\s+One brand/);
    await picture('pricing-brand');
  });

  it('says where a condition is wrong, and keeps what was shown', async () => {
    await page.getByRole('button', { name: 'Add a condition' }).click();
    await page.getByLabel(/Condition, in CEL/).fill('cost > 1.0 && brnd == "x"');
    await page
      .getByRole('alert')
      .getByText(/brnd, at letter 15/)
      .waitFor();
    await page.getByLabel(/Condition, in CEL/).fill('cost > 1.0');
    await expect.poll(() => page.getByRole('alert').count()).toBe(0);
  });

  it('publishes as many prices as the button says, and takes them back by Undo', async () => {
    await settled();
    const label = await publishButton().innerText();
    await publishButton().click();
    const dialog = page.getByRole('dialog');
    const sure = dialog.getByRole('button', { name: /^Publish [\d,]+ price/ });
    await expect.poll(() => sure.isEnabled()).toBe(true);
    const count = Number(/[\d,]+/.exec(await sure.innerText())?.[0]?.replaceAll(',', ''));
    expect(label).toContain(String(count));
    expect(count).toBeGreaterThan(10);
    await picture('pricing-publish');
    await sure.click();
    await page.getByText(new RegExp(`${count} prices published`)).waitFor();
    expect(await published()).toBe(count);
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByText(/rules are as they were before/).waitFor();
    expect(await published()).toBe(0);
    // The rules are a draft now, so that nothing of the work is lost.
    await page.getByText(/is a draft/).waitFor();
    await page.locator('.price-rules').getByText('One brand').waitFor();
  });

  it('says why a listing has its price, step by step, and what it had before', async () => {
    await page.getByRole('button', { name: 'New rule' }).waitFor();
    await page.keyboard.press('n');
    await settled();
    await publishButton().click();
    const sure = page.getByRole('dialog').getByRole('button', { name: /^Publish [\d,]+ price/ });
    await expect.poll(() => sure.isEnabled()).toBe(true);
    await sure.click();
    await page.getByText(/prices? published/).waitFor();
    const [listing] = await demo.rows<{ sku: string; channel_id: string; price: string }>(
      `select sku, channel_id, price_minor::text as price from catalog.listing_price order by sku limit 1`,
    );
    await page.goto(`${demo.url}/pricing?why=${showId('channel', listing?.channel_id ?? '')}|${listing?.sku}`);
    const panel = page.locator('aside.panel');
    await panel.getByRole('heading', { name: 'Why this price' }).waitFor();
    await panel.getByRole('rowheader', { name: /Markup/ }).waitFor();
    expect(await panel.innerText()).toContain(`published`);
    expect(await panel.locator('.table').first().locator('tr').last().innerText()).toMatch(/^Price/);
    await picture('pricing-why');
    await page.keyboard.press('Escape');
    await panel.waitFor({ state: 'detached' });
  });

  describe.each([
    ['light', 1440],
    ['dark', 1440],
    ['light', 375],
    ['dark', 375],
  ] as const)('in %s at %i px', (colorScheme, width) => {
    it.each(['', '?tab=problems', '?tab=publications', '?tab=rates', 'rule'])('%s can be used by everybody', async (place) => {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: width === 375 ? 812 : 900 });
      await page.goto(`${demo.url}/pricing${place === 'rule' ? '' : place}`);
      await page.locator('#main h1').waitFor();
      await settled();
      if (place === 'rule') {
        await page.locator('.price-rule').first().click();
        await page.getByText('What holds for every rule').click();
        for (const more of await page.locator('.price-effect summary').all()) await more.click();
        await settled();
      }
      await picture(`pricing-${place.replaceAll(/\W+/g, '')}-${colorScheme}-${width}`);
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(
        violations.map(
          ({ id, nodes }) =>
            `${id}: ${nodes
              .slice(0, 3)
              .map(({ html }) => html.slice(0, 160))
              .join(' | ')}`,
        ),
      ).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBeLessThanOrEqual(0);
    });
  });

  it('had no error of a script on the way', () => {
    // The browser itself tells of the answer that refused the condition.
    expect(errors.filter((error) => !error.includes('422'))).toEqual([]);
  });
});
