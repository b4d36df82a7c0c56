package item

// Account stands for one account in one Region, for the rules that ask
// whether something exists at all. AWS Config has the same pseudo-type.
type Account struct {
	ResourceID    string   `json:"resourceId"`
	Configuration struct{} `json:"configuration"`
}

// AccountType is the type of the items that stand for an account and Region.
const AccountType = "AWS::::Account"

func accountKind() Kind { return Kind{Type: AccountType, Shape: Account{}} }
