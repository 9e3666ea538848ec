// Package explore answers what a page asks about a mixture under one's fingers. It is one function, Ask, behind two engines: a
// server on this machine (package serve) and WebAssembly in the browser (package wasm).
package explore

//go:generate go run .. explore --site site/public
