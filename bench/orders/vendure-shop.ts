/** What the shop of the peer sells and how: one product, plenty of it, that is paid by a handler which settles at once. */
export const SHOP = {
  defaultLanguage: 'en',
  defaultZone: 'Europe',
  taxRates: [{ name: 'Standard', percentage: 0 }],
  shippingMethods: [{ name: 'Standard', price: 0 }],
  paymentMethods: [
    {
      name: 'Standard',
      handler: { code: 'dummy-payment-handler', arguments: [{ name: 'automaticSettle', value: 'true' }] },
    },
  ],
  countries: [{ name: 'Austria', code: 'AT', zone: 'Europe' }],
  collections: [],
};

export const PRODUCTS = `name,slug,description,assets,facets,optionGroups,optionValues,sku,price,taxCategory,stockOnHand,trackInventory,variantAssets,variantFacets
Visit,visit,A visit,,,,,VISIT,350.00,Standard,1000000,true,,
`;

const ADDRESS = `{ fullName: "A B", streetLine1: "Street 1", city: "Town", postalCode: "1000", countryCode: "AT" }`;
const CUSTOMER = `{ firstName: "A", lastName: "B", emailAddress: "a@example.org" }`;

/** A whole order of a guest in one document, which is its fastest way. */
export const ORDER = JSON.stringify({
  query: `mutation {
    a: addItemToOrder(productVariantId: 1, quantity: 1) { __typename }
    b: setCustomerForOrder(input: ${CUSTOMER}) { __typename }
    c: setOrderShippingAddress(input: ${ADDRESS}) { __typename }
    d: setOrderShippingMethod(shippingMethodId: [1]) { __typename }
    e: transitionOrderToState(state: "ArrangingPayment") { __typename }
    f: addPaymentToOrder(input: { method: "standard", metadata: {} }) { __typename ... on Order { state } }
  }`,
});
