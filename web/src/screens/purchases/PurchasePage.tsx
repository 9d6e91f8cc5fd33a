export const PurchasePage = () => null;
