// Package assets holds the page of contrastcheck explore: plain modules and style sheets, as they are written.
package assets

import "embed"

// Files are those of the page, at the top.
//
//go:embed *.html *.css *.js *.svg
var Files embed.FS
