"""The trade's vocabulary and rules: pure values, no database, no device, no window.

Every Chinese term of the trade has one English name here, and the whole program uses it:

| 中文 | name | where |
|---|---|---|
| 用章单位 | unit | `units` |
| 负责人, 法定代表人 | person in charge (`principal`) | `units` |
| 经办人 | handler | `units` |
| 印章 | seal | `seals` |
| 印章类别 (单位专用章, 合同专用章 …) | seal type | `seals` |
| 物理印章, 芯片印章, 物电印章 | physical, chip, hybrid seal (`Carrier`) | `seals` |
| 印面 | seal face | `sealdesk.face` |
| 印章编码 | seal code | `identifiers` |
| 品种 | product | `seals` |
| 订单, 登记 | order, registration (an order before it is accepted) | `orders` |
| 暂存 | draft | `orders` |
| 打回 | returned | `orders` |
| 证明文件 | proof document | `orders` |
| 授权委托书 | power of attorney | `orders` |
| 印铸刻字准许证 | permit | `permits` |
| 签收证明 | countersignature | `permits` |
| 承接 | acceptance | `orders` |
| 灌制 | burning | `chips` |
| 印章卡 PIN | card PIN | `chips` |
| 生产签名, 查询信息 | production signature, query information | `query_information` |
| 交付 | delivery, hand-over | `deliveries` |
| 加盟商 | shop | `access` |
| 生产专用章 | maker's key (a USB key with the shop's production certificate) | `access` |
| 操作员 | operator (`User`) | `access` |
"""
