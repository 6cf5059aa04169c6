// xml-crypto names types of the DOM library in its declarations; the tests use none of them, so empty ones do and the
// DOM's globals stay out of this project.
/* eslint-disable @typescript-eslint/no-empty-object-type */
interface Attr {}
interface Comment {}
interface Document {}
interface Element {}
interface Node {}
interface XPathNSResolver {}
