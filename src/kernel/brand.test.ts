import { describe, expect, it } from 'vitest';
import { contrast, readBrand, readableOn } from './brand.ts';

describe('a brand', () => {
  it('gets the plain value for whatever is missing or could do harm', () => {
    for (const kept of [
      null,
      'x',
      {},
      { colour: 'red;}body{', logoUrl: 'http://plain.example/a.png', siteUrl: 'javascript:x', supportEmail: 'a@b', language: '../en' },
    ]) {
      expect(readBrand(kept, 'Shop')).toEqual({
        name: 'Shop',
        colour: '#3a5bd9',
        logoUrl: '',
        siteUrl: '',
        supportEmail: '',
        senderEmail: '',
        language: 'en',
      });
    }
    expect(readBrand({ logoUrl: 'https://a.example/x.png" onerror="x' }, 'Shop').logoUrl).toBe('');
    expect(readBrand({ name: 'Mine', colour: '#FFCC00' }, 'Shop')).toMatchObject({ name: 'Mine', colour: '#ffcc00' });
  });

  it('is moved to the nearest shade that can be read, and no further', () => {
    expect(contrast('#000000', '#ffffff')).toBeCloseTo(21);
    const shade = readableOn('#ffffff', '#f2c200', 4.5);
    expect(contrast(shade, '#ffffff')).toBeGreaterThanOrEqual(4.5);
    expect(contrast(shade, '#ffffff')).toBeLessThan(6);
    expect(readableOn('#161a21', '#f2c200', 4.5)).toBe('#f2c200');
  });
});
