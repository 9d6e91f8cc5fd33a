import { mkdirSync } from 'node:fs';
import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTracking } from '#flows/reactions';
import { showId } from '#kernel/id';
import { launchBrowser, whyNoBrowser } from '../setup/browser.ts';
import { type DemoConsole, openConsole } from '../setup/console.ts';

const missing = whyNoBrowser();
/** Where pictures of every screen go, for people who want to look at them. */
const shots = process.env['SHOTS'];

describe.skipIf(missing)(missing ?? 'the console', () => {
  let demo: DemoConsole;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  const errors: string[] = [];

  beforeAll(async () => {
    [demo, browser] = await Promise.all([openConsole(), launchBrowser()]);
    context = await browser.newContext({ viewport: { width: 1440, height: 900 }, reducedMotion: 'reduce' });
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

  const go = async (path: string): Promise<void> => {
    await page.goto(`${demo.url}${path}`);
    await page.locator('#main h1').first().waitFor();
  };
  const press = (key: string): Promise<void> => page.keyboard.press(key);
  const marked = () => page.locator('[role=row][aria-selected=true], .grid-active').first();
  const panel = () => page.locator('aside.panel');

  it('opens by a link that works once', async () => {
    const link = await demo.signIn();
    const own = await browser.newContext();
    const visitor = await own.newPage();
    await visitor.goto(link);
    await visitor.getByRole('heading', { name: 'Today' }).waitFor();
    expect(visitor.url()).not.toContain('t=');
    await own.close();
    const other = await browser.newContext();
    const stranger = await other.newPage();
    await stranger.goto(link);
    await stranger.getByRole('heading', { name: 'This link is used up' }).waitFor();
    await stranger.goto(`${demo.url}/orders`);
    await stranger.getByRole('heading', { name: 'Sign in with a link' }).waitFor();
    await other.close();
  });

  it('says at home what waits for a person, as many as the inbox has', async () => {
    await go('/');
    const open = await demo.rows<{ count: number }>(`select count(*)::int as count from exceptions.exception where state = 'open'`);
    const needs = page.getByRole('link', { name: /Needs you/ }).or(page.locator('main :text("Needs you")').locator('..'));
    await needs.first().waitFor();
    expect(await needs.first().innerText()).toContain(String(open[0]?.count));
    await page.getByRole('heading', { name: 'Waits for a person' }).waitFor();
    await page.getByRole('heading', { name: 'What moves now' }).waitFor();
  });

  it('walks through the orders by J, K, Enter and Esc', async () => {
    await go('/orders');
    await page.locator('[role=row] >> nth=3').waitFor();
    const numbers = await page.locator('[role=row] a.link.strong').allInnerTexts();
    await press('j');
    expect(await marked().innerText()).toContain(numbers[0] ?? '?');
    await press('j');
    await press('j');
    await press('k');
    expect(await marked().innerText()).toContain(numbers[1] ?? '?');
    await press('Enter');
    await panel().waitFor();
    await panel()
      .getByText(numbers[1] ?? '?')
      .first()
      .waitFor();
    // What is open beside the list follows the mark.
    await press('j');
    await panel()
      .getByText(numbers[2] ?? '?')
      .first()
      .waitFor();
    await press('Escape');
    await panel().waitFor({ state: 'detached' });
    await press('Enter');
    await panel().waitFor();
    await press('Enter');
    await page.waitForURL(/\/orders\/ord_/);
    await page.locator('h1', { hasText: numbers[2] ?? '?' }).waitFor();
  });

  it('shows on an order why this supplier, with every candidate, and what happened', async () => {
    await go(`/orders/${await shippedOrder()}`);
    await page.getByRole('heading', { name: 'Why this supplier' }).waitFor();
    const why = page.locator('.why').first();
    await why.getByRole('button', { name: /candidate/ }).waitFor();
    if ((await why.getByRole('button', { name: /candidate/ }).getAttribute('aria-expanded')) === 'false')
      await why.getByRole('button', { name: /candidate/ }).click();
    expect(await why.locator('table tbody tr').count()).toBeGreaterThan(0);
    expect(await why.innerText()).toMatch(/lowest landed cost|only one|could/);
    for (const name of ['Lines', 'Money', 'Purchase orders']) await page.getByRole('heading', { name }).first().waitFor();
    await page
      .getByText(/PO-\d{6} sent to/)
      .first()
      .waitFor();
  });

  it('solves a cause of the inbox on key 1, and it goes', async () => {
    await go('/inbox');
    const causes = page.locator('[role=option]');
    await causes.filter({ hasText: /held/i }).first().click();
    const chosen = await causes.filter({ hasText: /held/i }).first().locator('.cause-title, strong, b').first().innerText();
    const openOf = async (): Promise<number> =>
      (await demo.rows<{ count: number }>(`select count(*)::int as count from exceptions.exception where state = 'open'`))[0]?.count ?? 0;
    const before = await openOf();
    await panel()
      .getByRole('button', { name: /Recommended/ })
      .waitFor();
    await page.waitForFunction(() => !document.querySelector('.fix-first')?.hasAttribute('disabled'));
    await press('1');
    // What it comes to is said first; Enter does it.
    await page.getByRole('dialog').getByRole('button', { name: 'Back' }).waitFor();
    await page.waitForFunction(
      () =>
        document.activeElement?.matches('[role=dialog] button, [role=alertdialog] button') && document.activeElement.textContent !== 'Back',
    );
    await picture('inbox-fix');
    await press('Enter');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await causes.filter({ hasText: chosen }).waitFor({ state: 'detached' });
    await expect.poll(openOf, { timeout: 10_000 }).toBeLessThan(before);
    // What was released goes on by itself.
    await demo.demo.advance(demo.tenant, 1);
    const [fact] = await demo.rows<{ actor: string }>(
      `select actor from audit.fact where type in ('order.released', 'hold.released') order by number desc limit 1`,
    );
    expect(fact?.actor).toMatch(/^person:/);
  });

  it('shows the very document that a supplier was sent', async () => {
    for (const transport of ['file', 'email', 'rest']) {
      const [purchase] = await demo.rows<{ id: string; number: string }>(
        `select id, number from purchasing.purchase where transport = '${transport}' and transmission in ('sent', 'acknowledged', 'closed') order by number limit 1`,
      );
      const [line] = await demo.rows<{ supplier_sku: string }>(
        `select supplier_sku from purchasing.line where purchase_id = '${purchase?.id}' limit 1`,
      );
      await go('/purchases');
      await page.getByPlaceholder(/PO-/).fill(purchase?.number ?? '?');
      await page
        .locator('[role=row] a', { hasText: purchase?.number ?? '?' })
        .first()
        .click();
      await page.locator('h1', { hasText: purchase?.number ?? '?' }).waitFor();
      const document = page.locator('.document', { hasNotText: 'A PDF' }).first();
      await document.waitFor();
      await expect.poll(() => document.innerText()).toContain(line?.supplier_sku ?? '?');
      await picture(`purchase-${transport}`);
    }
  });

  it('lists suppliers and connections with how they are', async () => {
    await go('/suppliers');
    await page.locator('[role=row] >> nth=8').waitFor();
    await page.locator('[role=row] a.link').first().click();
    await page.waitForURL(/\/suppliers\/sup_/);
    await page.getByRole('heading', { name: 'Terms' }).waitFor();
    await picture('supplier');
    await go('/connections');
    for (const name of ['Fernway Europe', 'Fernway Home', 'Fernway Trade', 'Old Mill Makers'])
      await expect.poll(() => page.locator('#main').innerText()).toContain(name);
    await page.locator('main').getByText('Fernway Home').first().click();
    await page.waitForURL(/\/connections\/chn_/);
    await page.locator('main h1').waitFor();
    await picture('channel');
  });

  it('finds an order by Ctrl K', async () => {
    const [order] = await demo.rows<{ number: string }>(`select number from orders."order" order by number limit 1 offset 7`);
    await go('/');
    await press('Control+k');
    await page.getByRole('dialog').waitFor();
    await page.keyboard.type(order?.number ?? '?');
    await page
      .getByRole('option', { name: new RegExp(order?.number ?? '?'), selected: true })
      .first()
      .waitFor();
    await picture('palette');
    await press('Enter');
    await page.waitForURL(/\/orders\/ord_/);
    await expect.poll(() => page.locator('h1').innerText()).toContain(order?.number);
  });

  describe.each([
    ['light', 1440],
    ['dark', 1440],
    ['light', 375],
    ['dark', 375],
  ] as const)('in %s at %i px', (colorScheme, width) => {
    it.each([
      '/',
      '/inbox',
      '/orders',
      'order',
      '/purchases',
      'purchase',
      '/suppliers',
      'supplier',
      '/connections',
      'channel',
      '/connections?tab=log',
      '/settings',
    ])('%s can be used by everybody and does not scroll sideways', async (place) => {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: width === 375 ? 812 : 900 });
      await go(place.startsWith('/') ? place : await pageOf(place));
      await page.waitForLoadState('networkidle').catch(() => {});
      await page.waitForFunction(() => !document.querySelector('main .skeleton, main [aria-busy=true]'), undefined, { timeout: 10_000 });
      await picture(`${place.replaceAll(/\W+/g, '') || 'home'}-${colorScheme}-${width}`);
      expect(await found(page)).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBeLessThanOrEqual(0);
    });
  });

  describe.each([
    ['light', 1440],
    ['dark', 1440],
    ['light', 375],
    ['dark', 375],
  ] as const)('pages of links in %s at %i px', (colorScheme, width) => {
    it.each(['tracking', 'supplier'] as const)('the %s page can be used by everybody and does not scroll sideways', async (which) => {
      const own = await browser.newContext({ colorScheme, viewport: { width, height: 812 } });
      const visitor = await own.newPage();
      await visitor.goto(which === 'tracking' ? await trackingUrl() : (await supplierUrl()).url);
      await visitor.locator('h1').waitFor();
      if (shots) await visitor.screenshot({ path: `${shots}/link-${which}-${colorScheme}-${width}.png`, fullPage: true });
      expect(await found(visitor)).toEqual([]);
      expect(await visitor.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBeLessThanOrEqual(
        0,
      );
      await own.close();
    });
  });

  it('shows a shopper without JavaScript where the parcel is', async () => {
    const own = await browser.newContext({ javaScriptEnabled: false });
    const visitor = await own.newPage();
    await visitor.goto(await trackingUrl());
    const [parcel] = await demo.rows<{ number: string }>(`select number from shipping.parcel order by id limit 1`);
    expect(await visitor.locator('body').innerText()).toContain(parcel?.number ?? '?');
    await own.close();
  });

  it('takes the answer of a supplier without JavaScript, and the purchase order knows it', async () => {
    const { url, id } = await supplierUrl();
    const own = await browser.newContext({ javaScriptEnabled: false });
    const visitor = await own.newPage();
    await visitor.goto(url);
    await visitor.getByRole('button', { name: 'Confirm all' }).click();
    await visitor.getByText('Recorded, thank you').waitFor();
    await visitor.getByRole('link', { name: /Look at the order/ }).click();
    await visitor.getByText('What you told us here').waitFor();
    if (shots) await visitor.screenshot({ path: `${shots}/link-supplier-answered.png`, fullPage: true });
    await demo.demo.advance(demo.tenant, 1);
    expect(await demo.rows(`select transmission from purchasing.purchase where id = '${id}'`)).toEqual([{ transmission: 'acknowledged' }]);
    await own.close();
  });

  it('had no error of a script on the way', () => {
    expect(errors).toEqual([]);
  });

  async function shippedOrder(): Promise<string> {
    const [order] = await demo.rows<{ id: string }>(`select p.order_id as id from shipping.parcel p order by p.id limit 1`);
    return showId('order', order?.id ?? '');
  }

  async function pageOf(place: string): Promise<string> {
    if (place === 'order') return `/orders/${await shippedOrder()}`;
    const [row] = await demo.rows<{ purchase: string; supplier: string; channel: string }>(
      `select p.id as purchase, p.supplier_id as supplier, (select id from channels.channel order by code limit 1) as channel from purchasing.purchase p where transport = 'file' and transmission = 'closed' limit 1`,
    );
    if (place === 'purchase') return `/purchases/${showId('purchase', row?.purchase ?? '')}`;
    return place === 'supplier'
      ? `/suppliers/${showId('supplier', row?.supplier ?? '')}`
      : `/connections/${showId('channel', row?.channel ?? '')}`;
  }

  async function trackingUrl(): Promise<string> {
    const [order] = await demo.rows<{ id: string }>(`select p.order_id as id from shipping.parcel p order by p.id limit 1`);
    const { given, db } = demo.program;
    await db.tx(demo.tenant, (tx) => openTracking(tx, given, [order?.id ?? '']));
    return given.trackingUrl(order?.id ?? '');
  }

  /** One that waits for its supplier's answer. */
  async function supplierUrl(): Promise<{ url: string; id: string }> {
    const [purchase] = await demo.rows<{ id: string }>(
      `select id from purchasing.purchase where transport = 'email' and transmission = 'sent' order by number desc limit 1`,
    );
    return { url: demo.program.given.supplierUrl(purchase?.id ?? ''), id: purchase?.id ?? '' };
  }

  async function picture(name: string): Promise<void> {
    if (shots) await page.screenshot({ path: `${shots}/${name}.png` });
  }
});

/** What axe has to say, each finding with the first places. */
async function found(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations.map(
    ({ id, nodes }) =>
      `${id}: ${nodes
        .slice(0, 3)
        .map(({ html }) => html.slice(0, 160))
        .join(' | ')}`,
  );
}
