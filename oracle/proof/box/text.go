package box

import (
	"fmt"
	"regexp"
	"strings"

	"contrastcheck/gmm"
)

var sideText = regexp.MustCompile(`^\s*([^\s\[\],]+(?:\[[^\s\[\],]*\])*)\s+in\s*\[([^\[\],]*),([^\[\],]*)\]\s*(?:(,)|$)`)

// Parse reads sides as the command line takes them: "weight[1] in [1/500, 1/432], delta in [0.9, 1]". Errors are ErrText, with gmm.InputErrors of what is wrong with a path or a number.
func Parse(text string) ([]Side, error) {
	var sides []Side
	for rest, more := text, true; more; {
		parts := sideText.FindStringSubmatch(rest)
		if parts == nil {
			return nil, fmt.Errorf("%w: %w", ErrText, &gmm.InputError{Expected: "a text such as weight[1] in [1/500, 1/432], delta in [9/10, 1]", Found: strings.TrimSpace(rest), Reason: gmm.ErrSyntax})
		}
		var s Side
		var err error
		if s.Path, err = gmm.ParsePath(parts[1]); err == nil {
			if s.Low, err = gmm.ParseNumber(strings.TrimSpace(parts[2])); err == nil {
				s.High, err = gmm.ParseNumber(strings.TrimSpace(parts[3]))
			}
		}
		if err != nil {
			return nil, fmt.Errorf("%w: %w", ErrText, err)
		}
		sides = append(sides, s)
		rest, more = rest[len(parts[0]):], parts[4] != ""
	}
	return sides, nil
}
