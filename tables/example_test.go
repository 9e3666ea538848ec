package tables_test

import (
	"fmt"
	"strings"

	"contrastcheck/tables"
)

// Numbers are read as they are written, so that class means and the covariance within classes are exact.
func ExampleRead() {
	text := `length,width,kind
1.1,0.2,leaf
0.9,0.4,leaf
1.3,0.3,leaf
3.0,1.3,stem
3.2,1.1,stem
2.8,1.5,stem
`
	table, err := tables.Read("plants.csv", strings.NewReader(text), tables.Options{Label: "kind"})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(table.Name, table.Columns, table.Classes)

	mixture, _, err := table.Fit(table.All(), tables.Shrinkage{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(mixture)
	// Output:
	// plants [length width] [leaf stem]
	// Mixture{weights 1:1, means (1.1, 0.3) (3, 1.3), covariance (2/75, -1/60) (-1/60, 1/60)}
}
