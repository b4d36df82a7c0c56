package iam

import (
	"encoding/json"
	"strings"
	"time"
)

const awsPolicyPrefix = "arn:aws:iam::aws:policy/"

// awsManaged lists the AWS managed policies that exist here: those that audit
// set-ups attach. Each allows the actions of its table row on everything; the
// documents of AWS grant more services.
func awsManaged() []policy {
	reads := "config:Get* config:List* config:Describe* cloudtrail:Get* cloudtrail:List* cloudtrail:Describe* cloudtrail:LookupEvents " +
		"logs:Describe* logs:List* cloudwatch:Describe* cloudwatch:List* s3:GetBucket* s3:GetEncryptionConfiguration s3:ListAllMyBuckets " +
		"iam:Get* iam:List* kms:Describe* kms:GetKey* kms:List* ec2:Describe* sns:Get* sns:List*"
	return []policy{
		managed("/", "AdministratorAccess", "*"),
		managed("/", "ReadOnlyAccess", reads+" s3:Get* s3:List* logs:Get* logs:FilterLogEvents cloudwatch:Get*"),
		managed("/", "SecurityAudit", reads),
		managed("/", "AWSCloudTrail_FullAccess", "cloudtrail:*"),
		managed("/", "AWSCloudTrail_ReadOnlyAccess", "cloudtrail:Get* cloudtrail:Describe* cloudtrail:List* cloudtrail:LookupEvents"),
		managed("/", "CloudWatchLogsFullAccess", "logs:* cloudwatch:GenerateQuery"),
		managed("/service-role/", "AWS_ConfigRole", reads+" config:Put*"),
		managed("/aws-service-role/", "AWSConfigServiceRolePolicy", reads+" config:Put*"),
		managed("/aws-service-role/", "CloudTrailServiceRolePolicy", "cloudtrail:* organizations:Describe* organizations:List*"),
	}
}

// managed makes a policy of AWS from its actions, separated by spaces.
func managed(path, name, actions string) policy {
	document, err := json.Marshal(map[string]any{
		"Version":   "2012-10-17",
		"Statement": []any{map[string]any{"Effect": "Allow", "Action": strings.Fields(actions), "Resource": "*"}},
	})
	if err != nil {
		panic(err) // strings always marshal
	}
	created := time.Date(2015, time.February, 6, 18, 39, 46, 0, time.UTC)
	return policy{
		arn: awsPolicyPrefix + strings.TrimPrefix(path, "/") + name, name: name, path: path,
		id:      "ANPA" + (strings.ToUpper(strings.ReplaceAll(name, "_", "")) + strings.Repeat("X", 17))[:17],
		created: created, updated: created, current: "v1",
		versions: []version{{id: "v1", document: string(document), created: created}},
	}
}
