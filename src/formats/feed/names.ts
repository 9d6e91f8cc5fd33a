import type { FeedField } from './words.ts';

/**
 * What columns are called in the files of the trade: English, German, French, Spanish, Italian, Portuguese, Dutch, Polish, Czech
 * and Slovak, the Nordic languages, Finnish, Hungarian, Romanian, Turkish, Russian, Ukrainian, Japanese. Spelled as `plainName`
 * leaves them: no case, accents, spaces or signs. The number is how much the name alone says.
 */
const names: Record<FeedField, readonly (readonly [number, string])[]> = {
  supplierSku: [
    [
      1,
      'sku suppliersku vendorsku supplierreference supplierproductcode supplieritemnumber referenciaproveedor lieferantenartikelnummer referencefournisseur codicefornitore',
    ],
    [
      0.95,
      'itemnumber itemno itemnr itemcode articlenumber articleno artikelnummer artikelnr artnr artno productcode productnumber productsku stockcode codearticle codicearticolo codart codigoarticulo bestellnummer bestellnr varenummer varenr tuotenumero tuotekoodi cikkszam katalognummer catalognumber indeks kodproduktu kodtowaru kodzbozi артикул артикулпоставщика кодтовара stokkodu urunkodu codprodus artikelcode 商品コード 品番',
    ],
    [0.8, 'reference ref referencia referencja sifra codice codigo cod kod код code offerid productreference'],
    [0.65, 'id productid itemid articleid partnumber partno vendorcode номер номенклатура'],
    [0.3, 'handle slug'],
  ],
  title: [
    [
      1,
      'title productname itemname producttitle productdescription itemdescription artikelbezeichnung produktname artikelname nomproduit nombreproducto nazwaproduktu nazwatowaru nazevproduktu наименованиетовара названиетовара urunadi 商品名',
    ],
    [
      0.95,
      'name titel bezeichnung nom designation libelle intitule nombre titulo nome titolo nazwa nazev nazov название наименование назва naam navn namn benamning nimi megnevezes termeknev denumire ad productnaam omschrijving',
    ],
    [0.6, 'description descripcion descrizione beschreibung kurztext opis popis описание опис descricao model'],
  ],
  brand: [
    [
      1,
      'brand brandname manufacturer manufacturername marke hersteller marque fabricant marca fabricante produttore marka producent vyrobce znacka vyrobca бренд производитель виробник merk fabrikant maerke merke varumarke tillverkare merkki valmistaja gyarto marchio producator uretici メーカー',
    ],
    [0.85, 'vendor vendorname make brandtitle'],
    [0.3, 'seller sellername'],
  ],
  gtin: [
    [
      1,
      'gtin gtin8 gtin12 gtin13 gtin14 ean ean8 ean13 eancode eannummer eannr upc upca upccode upcean eanupc gtinean barcode barcodes strichcode codebarre codebarres codigobarras codigodebarras codiceabarre codiceean kodkreskowy kodean carovykod ciarovykod штрихкод штрихкоды streepjescode stregkode strekkode streckkod viivakoodi vonalkod codbare codigoean barkod jan jancode',
    ],
    [0.7, 'isbn isbn13'],
  ],
  mpn: [
    [
      1,
      'mpn manufacturerpartnumber manufacturerpartno mfrpartnumber mfgpartnumber mfgpartno mfrpartno manufacturernumber manufacturersku mfrno herstellernummer herstellernr herstellerartikelnummer referencefabricant codiceproduttore kodproducenta партномер',
    ],
    [0.75, 'partnumber vendorcode oem oemnumber modelnumber modelno modell артикулпроизводителя'],
    [0.5, 'model'],
  ],
  cost: [
    [
      1,
      'cost costprice unitcost itemcost wholesaleprice wholesale dealerprice dealercost purchaseprice buyingprice buyprice supplierprice supplycost tradeprice yourprice yourcost resellerprice b2bprice ek ekpreis eknetto einkaufspreis haendlerpreis haendlerek prixachat prixdachat prixgros coste preciocosto preciodecosto preciocoste preciocompra preciodecompra preciomayorista costo prezzodacquisto prezzoacquisto cenazakupu cenahurtowa nakupnicena velkoobchodnicena закупочнаяцена оптоваяцена ценаопт опт закупка inkoopprijs inkopspris indkobspris kostpris innkjopspris ostohinta beszerzesiar nagykerar pretachizitie alisfiyati 仕入価格 卸価格',
    ],
    [
      0.85,
      'netprice nettopreis preisnetto prixht prixnet precioneto prezzonetto cenanetto cenabezdph nettoprijs nettopris priceexcltax priceexvat priceexclvat pricenet netcost netto priceuntaxed',
    ],
    [0.7, 'price unitprice preis prix precio prezzo preco cena цена ціна prijs pris hinta ar pret fiyat baseprice stueckpreis 価格'],
    [0.45, 'pricegross grossprice bruttopreis preisbrutto cenabrutto priceincltax priceinclvat prixttc'],
  ],
  currency: [
    [
      1,
      'currency currencycode currencyid waehrung devise moneda valuta waluta mena валюта penznem moeda parabirimi pricecurrency valuutta costcurrency 通貨',
    ],
  ],
  quantity: [
    [
      1,
      'quantity qty stock stockqty stockquantity stocklevel quantityinstock quantityavailable qtyavailable availablequantity availableqty availablestock stockavailable qtyonhand onhand quantityonhand qoh inventory inventoryqty inventoryquantity inventorycount freestock bestand lagerbestand lagermenge menge quantite qte quantitestock qtestock stockdisponible cantidad existencias quantita giacenza ilosc stanmagazynowy mnozstvi skladem pocetkusu количество остаток остатки колво кількість залишок aantal voorraad antal lagersaldo lagerantal lagerbeholdning maara varastosaldo saldo keszlet mennyiseg cantitate stoc adet stok stokmiktari quantidade estoque 数量 在庫 在庫数',
    ],
    [0.7, 'instock available lager stan dispo disponible disponibile disponibilita наличие stav count'],
  ],
  availability: [
    [
      1,
      'availability availabilitystatus stockstatus verfuegbarkeit disponibilite disponibilidad disponibilita dostepnosc dostupnost наявність наличие beschikbaarheid tillganglighet tilgjengelighet saatavuus elerhetoseg disponibilitate stokdurumu 在庫状況',
    ],
    [0.8, 'available instock isavailable isinstock dispo lieferbar'],
  ],
  packSize: [
    [
      1,
      'packsize packqty packquantity casepack casepackqty caseqty casequantity unitspercase unitsperpack innerpack ve vpe verpackungseinheit colisage conditionnement unidadesporcaja unidadescaja uds pezziperconfezione sztukwopakowaniu verpakkingseenheid кратность вупаковке packagequantity 入数',
    ],
    [0.5, 'pack case'],
  ],
  leadDays: [
    [
      1,
      'leadtime leadtimedays leaddays deliverydays deliverytime deliverytimedays dispatchdays dispatchtime handlingtime handlingdays lieferzeit lieferzeittage delailivraison delai plazoentrega plazodeentrega tempodiconsegna tempiconsegna czasdostawy czasrealizacji dodacilhuta dodacidoba срокпоставки срокдоставки levertijd leveringstid leveranstid toimitusaika szallitasiido termenlivrare teslimsuresi 納期',
    ],
  ],
  weight: [
    [
      1,
      'weight itemweight shippingweight productweight packageweight grossweight grams weightgrams weightg weightkg gewicht gewichtkg gewichtg poids peso pesokg waga hmotnost вес вескг вага masse vikt vekt vaegt vagt paino suly tomeg greutate agirlik 重量',
    ],
    [0.8, 'netweight nettogewicht bruttogewicht'],
  ],
};

const known = new Map<string, { field: FeedField; weight: number }[]>();
for (const [field, groups] of Object.entries(names) as [FeedField, (typeof names)[FeedField]][]) {
  for (const [weight, list] of groups) {
    for (const name of list.split(' ')) known.set(name, [...(known.get(name) ?? []), { field, weight }]);
  }
}

/** Words that turn a name into something else: what a shopper pays, what it was, the least one may order, what shipping costs. */
const otherwise =
  /(?:^|[^a-z])(?:compare|retail|rrp|msrp|uvp|srp|old|previous|shipping|discount|discounted|map|impact|sale|special|additional|surcharge|tax|vat|rate|minimal|minimum|min|moq|max|expected|reserved|incoming|policy|tracker|cost per item|unit of measure|image|meta|seo|url|parent|group|category|suggested|recommended|empfohlen|conseille|on order|order|purchase order|available on|available at|attribute|unit name|adwords)(?:[^a-z]|$)/;

/** "Référence #" and "REFERENCE" are one name. A namespace or `param:` before a colon says nothing. */
export function plainName(header: string): string {
  const bare = header.replace(/^[^:]{1,20}:(?=.)/, '').replace(/^@/, '');
  return letters(bare);
}

const letters = (text: string): string =>
  text
    .toLowerCase()
    .replaceAll('ä', 'ae')
    .replaceAll('ö', 'o')
    .replaceAll('ü', 'ue')
    .replaceAll('ß', 'ss')
    .replaceAll('ł', 'l')
    .replaceAll('ø', 'o')
    .replaceAll('æ', 'ae')
    .replaceAll('ı', 'i')
    .normalize('NFKD')
    .replaceAll(/[^\p{L}\p{N}]/gu, '');

/** A German ä is ae, a Swedish or Finnish one a: both spellings are looked up. */
const spellings = (header: string): string[] => {
  const plain = plainName(header);
  const nordic = plainName(header.toLowerCase().replaceAll('ä', 'a').replaceAll('ü', 'u').replaceAll('æ', 'ae'));
  return plain === nordic ? [plain] : [plain, nordic];
};

/** No column is called longer than this; what is, is a row of text. */
const longestName = 120;

/** What a column of that name may be, best first; the weights are for the name alone. */
export function readName(header: string): { field: FeedField; weight: number }[] {
  if (header.length > longestName) return [];
  for (const spelling of spellings(header)) {
    const exact = known.get(spelling);
    if (exact) return exact;
  }
  const bare = withoutUnit(header);
  if (bare !== header) {
    const exact = known.get(plainName(bare));
    if (exact) return exact.map(({ field, weight }) => ({ field, weight: weight * 0.98 }));
  }
  const spaced = header.toLowerCase().replaceAll(/[_./-]+/g, ' ');
  if (otherwise.test(spaced)) return [];
  // A parameter is free text: only its whole name may speak.
  if (header.startsWith('param:')) return [];
  const short = known.get(
    plainName(spaced.replace(/^(?:variant|product|item|article|artikel|produkt|offer|google shopping|total|current)\s+/, '')),
  );
  if (short) return short.map(({ field, weight }) => ({ field, weight: weight * 0.95 }));
  return fromOneWord(spaced);
}

/** A long header with one telling word in it, such as "Supplier reference no. (ours)". */
function fromOneWord(spaced: string): { field: FeedField; weight: number }[] {
  const words = spaced.split(/[^\p{L}\p{N}]+/u).filter((word) => word.length > 2);
  if (words.length === 0 || words.length > 6) return [];
  for (const word of words) {
    const hit = known.get(letters(word))?.filter(({ weight }) => weight >= 0.7);
    if (hit && hit.length > 0) return hit.map(({ field, weight }) => ({ field, weight: weight * 0.55 }));
  }
  return [];
}

const unitShape =
  /[\s_([-]+(eur|usd|gbp|chf|pln|czk|sek|nok|dkk|huf|ron|cad|aud|jpy|kzt|uah|rub|try|€|£|g|gr|gram|grams|kg|kgs|lb|lbs|oz)[\])]?\s*$/i;
const withoutUnit = (header: string): string => header.replace(unitShape, '');

/** The currency or weight unit that a column's name ends in: "price_eur", "Weight (kg)". */
export function unitInName(header: string): string | null {
  if (header.length > longestName) return null;
  const bare = plainName(header);
  if (bare === 'grams' || bare === 'weightgrams' || bare === 'variantgrams' || bare === 'weightg' || bare === 'gewichtg') return 'g';
  if (bare === 'weightkg' || bare === 'gewichtkg' || bare === 'вескг' || bare === 'pesokg') return 'kg';
  const unit = unitShape.exec(header)?.[1]?.toLowerCase();
  if (unit === undefined) return null;
  if (unit === '€') return 'EUR';
  if (unit === '£') return 'GBP';
  if (unit.startsWith('g')) return unit === 'gbp' ? 'GBP' : 'g';
  if (unit.startsWith('kg')) return 'kg';
  if (unit.startsWith('lb')) return 'lb';
  return unit === 'oz' ? 'oz' : unit.toUpperCase();
}
