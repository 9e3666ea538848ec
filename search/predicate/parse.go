package predicate

import (
	"errors"
	"fmt"
	"math/big"
	"slices"
	"strings"

	"contrastcheck/gmm"
	"contrastcheck/losses"

	"github.com/agnivade/levenshtein"
	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/parser"
)

// Predicate is a question about a mixture that it answers with yes or no. The zero value is none.
type Predicate struct {
	text string
	root condition
}

// ErrSyntax says that a text is no predicate.
var ErrSyntax = errors.New("predicate: unreadable")

// longest is the number of bytes that a predicate may have.
const longest = 4096

// Parse reads a predicate: comparisons (< <= > >= == !=) of numbers and quantities with + − * /, joined by && || ! or and, or, not.
func Parse(text string) (Predicate, error) {
	if len(text) > longest {
		return Predicate{}, fmt.Errorf("%w: expected at most %d bytes, found %d", ErrSyntax, longest, len(text))
	}
	tree, err := parser.Parse(text)
	if err != nil {
		reason, _, _ := strings.Cut(err.Error(), "\n") // a picture of the place follows
		return Predicate{}, fmt.Errorf("%w: %s", ErrSyntax, printable(reason))
	}
	p := reader{source: []rune(text)}
	root, err := p.condition(tree.Node, true)
	if err != nil {
		return Predicate{}, fmt.Errorf("%w: %s", ErrSyntax, printable(err.Error()))
	}
	return Predicate{strings.Join(strings.Fields(text), " "), root}, nil
}

// printable is a text on one line.
func printable(text string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r == '\u2028' || r == '\u2029' || r == '\u0085' {
			return ' '
		}
		return r
	}, text)
}

// String is the predicate as it was written, with single spaces.
func (p Predicate) String() string { return p.text }

// Given tells that it is one.
func (p Predicate) Given() bool { return p.root != nil }

// reader turns the tree of the library into ours.
type reader struct{ source []rune }

// condition reads a node that is true or false, or its opposite.
func (p reader) condition(n ast.Node, positive bool) (condition, error) {
	switch n := n.(type) {
	case *ast.UnaryNode:
		if n.Operator == "!" || n.Operator == "not" {
			return p.condition(n.Node, !positive)
		}
	case *ast.BinaryNode:
		switch n.Operator {
		case "&&", "and", "||", "or":
			left, err := p.condition(n.Left, positive)
			if err != nil {
				return nil, err
			}
			right, err := p.condition(n.Right, positive)
			if err != nil {
				return nil, err
			}
			return junction{all: (n.Operator == "&&" || n.Operator == "and") == positive, left: left, right: right}, nil
		}
		if slices.Contains(operators, n.Operator) {
			left, right, err := p.numbers(n)
			if err != nil {
				return nil, err
			}
			operator := n.Operator
			if !positive {
				operator = opposite[operator]
			}
			return comparison{operator, left, right}, nil
		}
	}
	return nil, fmt.Errorf("expected a comparison, or some joined by && and ||, found %q", p.text(n))
}

var (
	operators = []string{"<", "<=", ">", ">=", "==", "!="}
	opposite  = map[string]string{"<": ">=", "<=": ">", ">": "<=", ">=": "<", "==": "!=", "!=": "=="}
)

// numbers reads both sides of an operator.
func (p reader) numbers(n *ast.BinaryNode) (left, right number, err error) {
	if left, err = p.number(n.Left); err == nil {
		right, err = p.number(n.Right)
	}
	return left, right, err
}

// number reads a node that is a number.
func (p reader) number(n ast.Node) (number, error) {
	switch n := n.(type) {
	case *ast.IntegerNode, *ast.FloatNode:
		place := n.Location()
		x, err := gmm.ParseNumber(string(p.source[place.From:place.To])) // the decimal as written, not its nearest float
		if err != nil {
			return nil, fmt.Errorf("expected a decimal number, found %q", string(p.source[place.From:place.To]))
		}
		return constant{x}, nil
	case *ast.IdentifierNode:
		for _, q := range plain {
			if q.name == n.Value {
				return quantity{name: q.name, exact: q.of}, nil
			}
		}
		return nil, fmt.Errorf("expected one of %s, found %q%s", known(), n.Value, meant(n.Value))
	case *ast.CallNode:
		return p.call(n)
	case *ast.UnaryNode:
		if n.Operator == "-" || n.Operator == "+" {
			x, err := p.number(n.Node)
			if err != nil || n.Operator == "+" {
				return x, err
			}
			return arithmetic{"-", constant{new(big.Rat)}, x}, nil
		}
	case *ast.BinaryNode:
		if !slices.Contains([]string{"+", "-", "*", "/"}, n.Operator) {
			break
		}
		left, right, err := p.numbers(n)
		if err != nil {
			return nil, err
		}
		if c, ok := right.(constant); ok && n.Operator == "/" && c.rational.Sign() == 0 {
			return nil, errors.New("expected a number other than 0 to divide by")
		}
		return arithmetic{n.Operator, left, right}, nil
	}
	return nil, fmt.Errorf("expected a number or a quantity, found %q", p.text(n))
}

// call reads a quantity of a loss.
func (p reader) call(n *ast.CallNode) (number, error) {
	name, ok := n.Callee.(*ast.IdentifierNode)
	if !ok || !slices.Contains(ofLosses, name.Value) || len(n.Arguments) != 1 {
		return nil, fmt.Errorf("expected one of %s, found %q%s", known(), p.text(n), meant(p.text(n.Callee)))
	}
	label := strings.Map(func(r rune) rune {
		if strings.ContainsRune(" \t\n()\"'", r) {
			return -1
		}
		return r
	}, n.Arguments[0].String())
	l, err := losses.Labelled(label)
	if err != nil {
		return nil, err
	}
	return quantity{name: name.Value + "(" + l.Label() + ")", kind: name.Value, loss: &l}, nil
}

// text is a node as the library writes it.
func (p reader) text(n ast.Node) string { return n.String() }

// known lists the quantities.
func known() string {
	var names []string
	for _, q := range plain {
		names = append(names, q.name)
	}
	for _, name := range ofLosses {
		names = append(names, name+"(LOSS)")
	}
	return strings.Join(names, ", ")
}

// meant asks whether the nearest of the names was.
func meant(word string) string {
	const typos = 2
	names := slices.Clone(ofLosses)
	for _, q := range plain {
		names = append(names, q.name)
	}
	for _, name := range names {
		if levenshtein.ComputeDistance(name, word) <= typos {
			return fmt.Sprintf("; did you mean %s?", name)
		}
	}
	return ""
}
