/** How a provider's name of something is compared: people and banks write it with hyphens or without, small or capital. */
export const plainName = (name: string): string => name.replaceAll('-', '').toLowerCase();
