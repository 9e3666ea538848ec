// Package reports writes verification reports: what was claimed, what was found, how sure
// it is, and pictures, as JSON, as Markdown and as one self-contained HTML page.
//
// It solves and judges nothing. Gather collects the values that theorems, search and
// comparison return, and Write writes them.
package reports
