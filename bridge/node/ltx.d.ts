/** What this project uses of ltx 3, which comes without types. */
declare module "ltx" {
	/** An XML element: its name, attributes, and children in document order. */
	export class Element {
		constructor(name: string, attrs?: Record<string, string | undefined>);
		name: string;
		parent: Element | null;
		children: (Element | string)[];
		attrs: Record<string, string | undefined>;
		/** Appends a child element and returns it. */
		cnode<Child extends Element>(child: Child): Child;
	}

	export function isElement(value: unknown): value is Element;

	/** Escapes `&`, `<`, `>` and both quotes. */
	export function escapeXML(text: string): string;
}
