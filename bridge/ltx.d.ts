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
		/** Appends a child element of this name and returns it. */
		c(name: string, attrs?: Record<string, string | undefined>): Element;
		/** Appends text. */
		t(text: string): this;
		/** Whether it has this name, and this namespace if one is given. */
		is(name: string, xmlns?: string): boolean;
		/** The first child element of this name, and in this namespace if one is given. */
		getChild(name: string, xmlns?: string): Element | undefined;
		/** All of them. */
		getChildren(name: string, xmlns?: string): Element[];
		/** Its own text, without that of its child elements. */
		getText(): string;
		getChildText(name: string, xmlns?: string): string | null;
		getChildElements(): Element[];
		/** Removes the child elements of this name, and in this namespace if one is given. */
		remove(name: string, xmlns?: string): this;
		toString(): string;
	}

	export function isElement(value: unknown): value is Element;

	/** Escapes `&`, `<`, `>` and both quotes. */
	export function escapeXML(text: string): string;

	/** Throws for what is not well-formed. */
	export function parse(xml: string): Element;
}
