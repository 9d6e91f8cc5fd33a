import { mkdirSync } from 'node:fs';
import { AxeBuilder } from '@axe-core/playwright';
import { writeSheet } from '#formats/xlsx';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addVariants } from '#modules/catalog';
import { launchBrowser, whyNoBrowser } from '../setup/browser.ts';
import { type DemoConsole, openConsole, young } from '../setup/console.ts';

const missing = whyNoBrowser();
/** Where pictures go, for people who want to look at them. */
const shots = process.env['SHOTS'];

describe.skipIf(missing)(missing ?? 'the catalog on the screen', () => {
  let demo: DemoConsole;
  let browser: Browser;
  let page: Page;
  const errors: string[] = [];

  beforeAll(async () => {
    [demo, browser] = await Promise.all([openConsole(young), launchBrowser()]);
    await demo.program.db.tx(demo.tenant, (tx) => addVariants(tx, [{ sku: 'ZZ-BARE', title: 'Something that nobody offers' }]));
    const context = await browser.newContext({
      viewport: { width: 1440, height: 900 },
      reducedMotion: 'reduce',
      permissions: ['clipboard-read', 'clipboard-write'],
    });
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
  const brandOf = async (sku: string) => (await one<{ brand: string }>(`select brand from catalog.variant where sku = '${sku}'`))?.brand;

  it('is reached by G C, and counts what is wrong with it', async () => {
    await page.keyboard.press('g');
    await page.keyboard.press('c');
    await page.waitForURL(/\/catalog/);
    await page.getByRole('heading', { name: 'Catalog' }).waitFor();
    await page.getByText('Incomplete 1').waitFor();
    await page.getByText('No offer 1').waitFor();
    await picture('catalog');
    expect(await page.getByRole('grid', { name: 'Catalog' }).getByRole('row').count()).toBeGreaterThan(10);
  });

  it('shows a variant with its offers and stores, takes an edit, and takes it back', async () => {
    const variant = await one<{ id: string; sku: string }>('select id, sku from catalog.variant order by sku limit 1');
    const sku = variant?.sku ?? '';
    const before = await brandOf(sku);
    await page.getByRole('grid', { name: 'Catalog' }).getByText(sku, { exact: true }).first().click();
    const panel = page.getByRole('complementary', { name: `Variant ${sku}` });
    await panel.getByRole('heading', { name: 'Offers' }).waitFor();
    await picture('catalog-variant');
    await panel.getByRole('button', { name: 'Edit' }).click();
    const dialog = page.getByRole('dialog', { name: `Edit ${sku}` });
    await dialog.getByLabel('GTIN', { exact: true }).fill('123');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.getByText(/It is no GTIN/).waitFor();
    await picture('catalog-edit');
    await dialog.getByLabel('GTIN', { exact: true }).fill('');
    await dialog.getByLabel('Brand').fill('Another brand');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await page.getByText('1 variant changed.').waitFor();
    expect(await brandOf(sku)).toBe('Another brand');
    await panel.getByText('Another brand').first().waitFor();
    await page.getByRole('button', { name: 'Undo', exact: true }).first().click();
    await page.getByText(/Taken back/).waitFor();
    expect(await brandOf(sku)).toBe(before);
    await panel
      .getByText(/taken back/)
      .first()
      .waitFor();
  });

  it('is edited as a sheet, with a block pasted from a spreadsheet and errors only', async () => {
    await page.goto(`${demo.url}/catalog/sheet`);
    const skus = await demo.rows<{ sku: string }>('select sku from catalog.variant order by sku limit 2');
    const [first = '', second = ''] = skus.map(({ sku }) => sku);
    const cell = page.getByLabel(`Brand of ${first}`);
    await cell.waitFor();
    await page.evaluate(() => navigator.clipboard.writeText('Oak & Co\tLight\nElm & Co\tGarden'));
    await cell.focus();
    await page.keyboard.press('Control+v');
    await expect.poll(() => page.getByLabel(`Category of ${second}`).inputValue()).toBe('Garden');
    await page.getByLabel(`Weight of ${second}`).fill('heavy');
    await picture('catalog-sheet');
    await page.getByRole('button', { name: 'Save 2 variants' }).click();
    await page
      .getByText(/is not a weight such as/)
      .first()
      .waitFor();
    expect([await brandOf(first), await brandOf(second)]).toEqual(['Oak & Co', expect.not.stringMatching('Elm & Co')]);
    await page.getByRole('button', { name: 'Errors only 1' }).waitFor();
    expect(await page.getByRole('rowheader').count()).toBe(1);
    await picture('catalog-sheet-errors');
    await page.getByLabel(`Weight of ${second}`).fill('2 kg');
    await page.getByRole('button', { name: 'Save 1 variant' }).click();
    await expect.poll(() => brandOf(second)).toBe('Elm & Co');
  });

  it('comes as a file and goes back as one', async () => {
    const text = await page.evaluate(async () => (await fetch('/v1/variants/export')).text());
    expect(text).toMatch(/^sku,title,brand,category/);
    await page.goto(`${demo.url}/catalog/sheet`);
    await page.getByRole('button', { name: 'Bring back a CSV or XLSX' }).waitFor();
    const changed = text.replace('Elm & Co', 'Ash & Co');
    await page.locator('input[type=file]').setInputFiles({ name: 'variants.csv', mimeType: 'text/csv', buffer: Buffer.from(changed) });
    await page.getByText(/1 variant changed/).waitFor();
  });

  it('goes back as a workbook, and a file that is none is refused with words', async () => {
    const [row] = await demo.rows<{ sku: string }>(`select sku from catalog.variant where brand = 'Ash & Co'`);
    await page.goto(`${demo.url}/catalog/sheet`);
    await page.getByRole('button', { name: 'Bring back a CSV or XLSX' }).waitFor();
    const bytes = await writeSheet('Variants', [
      ['sku', 'brand'],
      [row?.sku ?? '', 'Yew & Co'],
    ]);
    const bring = (name: string, buffer: Buffer) =>
      page.locator('input[type=file]').setInputFiles({ name, mimeType: 'application/octet-stream', buffer });
    await bring('variants.xlsx', Buffer.from(bytes));
    await expect.poll(() => brandOf(row?.sku ?? '')).toBe('Yew & Co');
    await bring('broken.xlsx', Buffer.from('no workbook'));
    await page.getByText(/cannot be read|no workbook/).waitFor();
    // The browser notes the refusal by itself.
    errors.splice(0, errors.length, ...errors.filter((error) => !error.includes('415')));
  });

  it('has offers beside what the supplier wrote, reached by G F', async () => {
    await page.goto(`${demo.url}/catalog`);
    await page.getByRole('heading', { name: 'Catalog' }).waitFor();
    await page.keyboard.press('g');
    await page.keyboard.press('f');
    await page.waitForURL(/\/offers/);
    const offer = await one<{ id: string; sku: string }>(
      `select offer.id, supplier_sku as sku from catalog.offer join catalog.feed_run on feed_run.supplier_id = offer.supplier_id and feed_run.has_file and feed_run.state = 'applied' order by supplier_sku limit 1`,
    );
    await page.getByPlaceholder('Their number, a GTIN or a word of the title').fill(offer?.sku ?? '');
    await page.keyboard.press('Enter');
    await page
      .getByRole('grid', { name: 'Offers' })
      .getByText(offer?.sku ?? '', { exact: true })
      .first()
      .click();
    const panel = page.getByRole('complementary', { name: `Offer ${offer?.sku}` });
    await panel.getByText(/Line \d+ of/).waitFor();
    await picture('offers');
    expect(await panel.getByRole('region', { name: 'The supplier’s line' }).innerText()).toContain(offer?.sku);
  });

  describe.each([
    ['light', 1440],
    ['dark', 375],
    ['light', 375],
  ] as const)('in %s at %i px', (colorScheme, width) => {
    it.each(['/catalog', '/catalog?problem=missing', '/catalog/sheet', '/offers'])('%s can be used by everybody', async (path) => {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: width === 375 ? 812 : 900 });
      await page.goto(`${demo.url}${path}`);
      await page.locator('#main h1').waitFor();
      await page.waitForFunction(() => !document.querySelector('main [aria-busy=true], main .skeleton'));
      await picture(`catalog${path.replaceAll(/\W/g, '-')}-${colorScheme}-${width}`);
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(
        violations.map(
          ({ id, nodes }) =>
            `${id}: ${nodes
              .map(({ html }) => html)
              .slice(0, 3)
              .join(' ')}`,
        ),
      ).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
    });
  });

  it('met no error', () => {
    expect(errors).toEqual([]);
  });
});
