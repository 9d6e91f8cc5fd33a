import { mkdirSync } from 'node:fs';
import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { workMatches } from '#flows/match-life';
import { addOffers, addVariants, saveMatchSettings } from '#modules/catalog';
import { supplierCodes } from '#modules/suppliers';
import { launchBrowser, whyNoBrowser } from '../setup/browser.ts';
import { type DemoConsole, openConsole, young } from '../setup/console.ts';

const missing = whyNoBrowser();
/** Where pictures go, for people who want to look at them. */
const shots = process.env['SHOTS'];
const woods = ['oak', 'beech', 'walnut', 'maple', 'cherry wood', 'teak', 'pine', 'ash'];

/** A check digit for twelve digits. */
function eanOf(twelve: string): string {
  const sum = [...twelve].reduce((total, digit, at) => total + Number(digit) * (at % 2 === 0 ? 1 : 3), 0);
  return `${twelve}${(10 - (sum % 10)) % 10}`;
}

describe.skipIf(missing)(missing ?? 'matches on the screen', () => {
  let demo: DemoConsole;
  let browser: Browser;
  let page: Page;
  const errors: string[] = [];

  beforeAll(async () => {
    [demo, browser] = await Promise.all([openConsole(young), launchBrowser()]);
    await bringOffers();
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

  /** Twelve that are exact, eight that are likely, a pack of six, and something that nobody knows. */
  async function bringOffers(): Promise<void> {
    const { db } = demo.program;
    await db.tx(demo.tenant, async (tx) => {
      const supplier_id = [...(await supplierCodes(tx)).values()][0] ?? '';
      await saveMatchSettings(tx, { auto_exact: false, cost_least: 0.02, cost_most: 1.5 }, 'test');
      const priced = { price_minor: 4000n, currency: 'USD' };
      const common = { supplier_id, cost_minor: 1800n, currency: 'USD', quantity: 5 };
      await addVariants(tx, [
        ...Array.from({ length: 12 }, (_, at) => ({
          ...priced,
          sku: `LAMP-${at}`,
          title: `Reading lamp Nova ${at + 20} cm`,
          gtin: eanOf(`40063810${1000 + at}`),
        })),
        ...woods.map((wood, at) => ({ ...priced, sku: `BOARD-${at}`, title: `Chopping board ${wood} ${30 + at} x 20 cm` })),
        { ...priced, sku: 'COLA', title: 'Cola classic 330 ml', gtin: eanOf('400638102000'), price_minor: 400n },
      ]);
      await addOffers(tx, [
        ...Array.from({ length: 12 }, (_, at) => ({
          ...common,
          supplier_sku: `X-${at}`,
          title: `Nova Leselampe ${at + 20} cm`,
          gtin: eanOf(`40063810${1000 + at}`),
        })),
        ...woods.map((wood, at) => ({ ...common, supplier_sku: `Y-${at}`, title: `NEW ${wood} chopping board, ${(30 + at) * 10}x200 mm` })),
        { ...common, supplier_sku: 'P-6', title: 'Cola classic 6 x 0.33 l', gtin: eanOf('400638102000') },
        { ...common, supplier_sku: 'Q-1', title: 'Garden gnome, waving' },
      ]);
    });
    await workMatches(db, demo.tenant);
  }

  const stateOf = async (sku: string): Promise<string[]> =>
    (
      await demo.rows<{ line: string }>(
        `select variant.sku || ' ' || match.state || ' ' || match.units_per_offer as line from catalog.match
           join catalog.offer on offer.id = match.offer_id join catalog.variant on variant.id = match.variant_id where offer.supplier_sku = '${sku}' order by 1`,
      )
    ).map(({ line }) => line);
  const confirmed = async (): Promise<number> =>
    (
      await demo.rows<{ count: number }>(
        `select count(*)::int as count from catalog.match join catalog.offer on offer.id = match.offer_id where match.state = 'confirmed' and supplier_sku like 'X-%'`,
      )
    )[0]?.count ?? 0;
  const card = () => page.locator('[data-card]');
  const shown = async (): Promise<string> => ((await card().getAttribute('data-card')) ?? '').split(' ')[0] ?? '';
  const picture = async (name: string): Promise<void> => {
    if (shots) await page.screenshot({ path: `${shots}/${name}.png` });
  };

  it('is reached by G M and says how many there are of each', async () => {
    await page.keyboard.press('g');
    await page.keyboard.press('m');
    await page.waitForURL(/\/matches/);
    await page.getByRole('heading', { name: 'Matches' }).waitFor();
    await page.getByText(/12 exact · 8 likely/).waitFor();
    expect(await card().getAttribute('data-card')).toMatch(/^X-\d+ /);
    await picture('matches-exact');
  });

  it('approves as many exact ones as the button says, and takes them back by Undo', async () => {
    await page.getByRole('button', { name: 'Approve 12 exact' }).click();
    const dialog = page.getByRole('dialog');
    await expect.poll(() => dialog.locator('.match-sample > li').count()).toBe(5);
    await picture('matches-sample');
    await dialog.getByRole('button', { name: 'Approve 12', exact: true }).click();
    await page.getByText('12 matches are approved.').waitFor();
    expect(await confirmed()).toBe(12);
    await page.getByRole('button', { name: 'Undo', exact: true }).first().click();
    await page.getByText(/Taken back: 12 exact matches approved/).waitFor();
    expect(await confirmed()).toBe(0);
    await page.getByText(/12 exact · 8 likely/).waitFor();
  });

  it('decides the likely by keys alone, with the next card there at once', async () => {
    await page
      .getByRole('navigation', { name: 'Matches' })
      .getByRole('button', { name: /Likely/ })
      .click();
    await card().waitFor();
    await picture('matches-likely');
    expect(await card().locator('mark').allInnerTexts()).not.toContain('board');
    expect(await card().getByRole('list', { name: 'Evidence' }).innerText()).toMatch(
      /GTIN —[\s\S]*title [01]\.\d\d[\s\S]*cost\/price 0\.45/,
    );
    const first = await shown();
    // Measured in the page itself, from the key to the frame that shows the next card.
    const took = await page.evaluate(
      () =>
        new Promise<number>((resolve) => {
          const before = document.querySelector('[data-card]')?.getAttribute('data-card');
          const began = performance.now();
          const look = (): void => {
            const now = document.querySelector('[data-card]')?.getAttribute('data-card');
            if (now && now !== before) resolve(performance.now() - began);
            else requestAnimationFrame(look);
          };
          document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'y', bubbles: true }));
          requestAnimationFrame(look);
        }),
    );
    expect(took).toBeLessThanOrEqual(50);
    await expect.poll(() => stateOf(first)).toEqual([expect.stringMatching(/^BOARD-\d confirmed 1$/)]);
    const second = await shown();
    await page.keyboard.press('n');
    await expect.poll(() => stateOf(second)).toEqual([expect.stringMatching(/ rejected 1$/)]);
    const third = await shown();
    await page.keyboard.press('s');
    await expect.poll(shown).not.toBe(third);
    await page.keyboard.press('z');
    await expect.poll(() => stateOf(second)).toEqual([expect.stringMatching(/ suggested 1$/)]);
  });

  it('matches to another variant by search, and makes a variant of an offer', async () => {
    await expect.poll(() => page.locator('[data-owns-keys]').count()).toBe(0);
    const offer = await shown();
    await page.keyboard.press('/');
    await page.getByLabel('SKU, GTIN or words of the title').fill('nova 25');
    await page.getByRole('button', { name: /LAMP-5/ }).click();
    await expect.poll(() => stateOf(offer)).toEqual(['LAMP-5 confirmed 1']);
    const other = await shown();
    await page.keyboard.press('c');
    await page.getByLabel('Our SKU').fill('BOARD-NEW');
    await page.keyboard.press('Enter');
    await expect.poll(() => stateOf(other)).toEqual(['BOARD-NEW confirmed 1']);
  });

  it('warns of the pack and keeps the ratio that a person gives', async () => {
    await page
      .getByRole('navigation', { name: 'Matches' })
      .getByRole('button', { name: /Conflicts/ })
      .click();
    await page.getByText('pack 1 vs 6 ⚠').waitFor();
    expect(await stateOf('P-6')).toEqual(['COLA suggested 6']);
    await picture('matches-conflict');
    await page.keyboard.press('u');
    const units = page.getByLabel('Units of ours in one of theirs');
    expect(await units.inputValue()).toBe('6');
    await units.fill('12');
    await page.getByRole('button', { name: 'Approve, 1 = 12' }).click();
    await expect.poll(() => stateOf('P-6')).toEqual(['COLA confirmed 12']);
  });

  it('shows offers that nobody knows, and takes a variant for them', async () => {
    await page
      .getByRole('navigation', { name: 'Matches' })
      .getByRole('button', { name: /No match/ })
      .click();
    const row = page.getByRole('listitem').filter({ hasText: 'Garden gnome' });
    await row.getByRole('button', { name: 'Match' }).click();
    await page.getByLabel('SKU, GTIN or words of the title').fill('COLA');
    await page.getByRole('button', { name: /Cola classic/ }).click();
    await expect.poll(() => stateOf('Q-1')).toEqual(['COLA confirmed 1']);
  });

  describe.each([
    ['light', 1440],
    ['dark', 375],
    ['light', 375],
  ] as const)('in %s at %i px', (colorScheme, width) => {
    it.each(['exact', 'likely', 'conflict', 'none'])('%s can be used by everybody', async (tab) => {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: width === 375 ? 812 : 900 });
      await page.goto(`${demo.url}/matches?tab=${tab}`);
      await page.locator('#main h1').waitFor();
      await page.waitForFunction(() => !document.querySelector('main [aria-busy=true], main .skeleton'));
      await picture(`matches-${tab}-${colorScheme}-${width}`);
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
    });
  });

  it('met no error', () => {
    expect(errors).toEqual([]);
  });
});
